#include "api/origin.hpp"

#include <gtest/gtest.h>

namespace cell::api {
namespace {

struct LinkCase {
  const char* name;
  const char* host;
  const char* expected;
  const char* endpoint = "Home.example.org";
  bool secure = false;
};
class LinkOrigin : public testing::TestWithParam<LinkCase> {};

TEST_P(LinkOrigin, IsTheCellsOwn) {
  const LinkCase& given = GetParam();
  http::Request request;
  request.secure = given.secure;
  if (*given.host != '\0') request.headers.emplace("Host", given.host);
  settings::Identity identity;
  identity.domain_name = "home.cell";
  identity.endpoint_host = given.endpoint;

  EXPECT_EQ(origin_for_links(request, identity, 8081), given.expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, LinkOrigin,
    testing::Values(LinkCase{"domain", "home.cell", "https://home.cell", "192.0.2.7", true},
                    LinkCase{"domain_and_port", "Home.Cell:8443", "https://Home.Cell:8443", "", true},
                    LinkCase{"endpoint", "home.example.org:9000", "http://home.example.org:9000"},
                    LinkCase{"address", "192.168.1.5:8081", "http://192.168.1.5:8081"},
                    LinkCase{"ipv6_address", "[fd00::5]:8081", "http://[fd00::5]:8081"},
                    LinkCase{"stranger", "evil.example", "http://home.example.org:8081"},
                    LinkCase{"begins_alike", "home.cell.evil.example", "http://home.example.org:8081"},
                    LinkCase{"no_port", "home.cell:x", "http://home.example.org:8081"},
                    LinkCase{"path", "192.0.2.1/evil", "http://home.example.org:8081"},
                    LinkCase{"loopback", "127.0.0.1:3000", "http://home.example.org:8081"},
                    LinkCase{"localhost", "localhost:3000", "http://home.example.org:8081"},
                    LinkCase{"ipv6_loopback", "[::1]:3000", "http://home.example.org:8081"},
                    LinkCase{"none", "", "http://home.example.org:8081"},
                    LinkCase{"ipv6_endpoint", "x", "http://[2001:db8::1]:8081", "2001:db8::1"},
                    LinkCase{"no_endpoint", "x", "https://home.cell", ""}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace cell::api
