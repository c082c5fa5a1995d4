#include "domain/dns/resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coredns/zone.hpp"
#include "unit/support/config_state.hpp"
#include "unit/support/place.hpp"

namespace cell::dns {
namespace {

struct ResolverTest : testing::Test {
  cell::test::ConfigState cell;
  std::vector<std::string> asked;
  Resolver resolver{*cell.config, cell::test::sample_place(),
                    [this](const coredns::Question& question) -> Result<coredns::Answer> {
                      asked.push_back(question.server + " " + std::to_string(question.port) + " " +
                                      question.name + " " + question.type);
                      return coredns::Answer{};
                    }};

  void SetUp() override {
    ASSERT_TRUE(cell.config->commit({}, [](Json& root) -> Result<void> {
      root["identity"] = cell::test::sample_root()["identity"];
      return {};
    }));
  }
  std::string refusal(const std::vector<std::string>& upstreams) {
    const auto result = resolver.set_upstreams(upstreams, {});
    return result ? "taken" : result.error().fields[0].pointer + ": " + result.error().message;
  }
};

TEST_F(ResolverTest, UpstreamsAreKeptInTheirOrder) {
  ASSERT_TRUE(resolver.set_upstreams(
      {"tls://149.112.112.112#dns.quad9.net", "tls://9.9.9.9#dns.quad9.net", "2620:fe::9"}, {}));

  EXPECT_THAT(upstreams_of(cell.config->snapshot()->root),
              testing::ElementsAre("tls://149.112.112.112#dns.quad9.net", "tls://9.9.9.9#dns.quad9.net",
                                   "2620:fe::9"));
  EXPECT_TRUE(resolver.set_upstreams({}, {}));
}

TEST_F(ResolverTest, WrongUpstreamsAreNamedByTheirPlace) {
  EXPECT_EQ(refusal({"9.9.9.9", "dns.example"}),
            "/upstreams/1: 'dns.example' is not the address of a resolver");
  EXPECT_EQ(refusal({"9.9.9.9", "9.9.9.9"}), "/upstreams/1: this resolver is there twice");
  EXPECT_EQ(refusal(std::vector<std::string>(16, "9.9.9.9")),
            "/upstreams: must not be more than 15 resolvers");
  EXPECT_EQ(refusal({"tls://9.9.9.9#dns.quad9.net", "tls://1.1.1.1#one.one.one.one"}),
            "/upstreams/1: all resolvers with TLS must have the same certificate name");
  for (const char* own : {"127.0.0.1", "127.0.0.53:53", "::1", "[::1]:53", "0:0:0:0:0:0:0:1", "0.0.0.0",
                          "172.20.0.3", "fd00:20::3", "fd00:0020:0::3", "10.13.13.1", "tls://10.13.13.1"}) {
    EXPECT_EQ(refusal({own}), "/upstreams/0: the cell's DNS server would ask itself") << own;
  }
  EXPECT_EQ(upstreams_of(cell.config->snapshot()->root),
            (std::vector<std::string>{"9.9.9.9", "149.112.112.112"}));
}

TEST_F(ResolverTest, HostileUpstreamsAreRefused) {
  for (const std::string& text : cell::test::hostile_texts()) {
    if (refusal({text}) == "taken") {
      EXPECT_TRUE(coredns::check_upstream(text)) << text;
      EXPECT_EQ(text.find_first_not_of("0123456789abcdefABCDEF.:[]"), std::string::npos) << text;
    }
  }
}

TEST_F(ResolverTest, NamesOfTheCellAreAskedAsADeviceInTheTunnelWould) {
  ASSERT_TRUE(resolver.look_up("phone.Home.cell.", "A"));
  ASSERT_TRUE(resolver.look_up("home.cell", "AAAA"));
  ASSERT_TRUE(resolver.look_up("athome.cell", "A"));
  ASSERT_TRUE(resolver.look_up("example.org", "MX"));

  EXPECT_THAT(asked,
              testing::ElementsAre("172.20.0.3 5300 phone.Home.cell. A", "172.20.0.3 5300 home.cell AAAA",
                                   "172.20.0.3 53 athome.cell A", "172.20.0.3 53 example.org MX"));
}

}  // namespace
}  // namespace cell::dns
