#include "domain/settings/environment.hpp"

#include <gtest/gtest.h>

namespace cell::settings {
namespace {

using Values = std::map<std::string, std::string>;

Result<Environment> read(const Values& values) {
  return read_environment([values](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(Environment, NeedsNothingSet) {
  const auto result = read({});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->instance, "cell");
  EXPECT_EQ(result->directory, "/var/lib/cell");
  EXPECT_EQ(result->caddy_ip, "172.20.0.2");
  EXPECT_EQ(result->wg_ip, "172.20.0.9");
  EXPECT_EQ(result->dns_port, 53);
  EXPECT_EQ(result->webui_port, 8081);
  EXPECT_EQ(result->log_level, "info");
}

TEST(Environment, DerivesNamesAndNetworkFromTheInstance) {
  const auto one = read({{"CELL_INSTANCE", "test-1"}});
  const auto two = read({{"CELL_INSTANCE", "test-2"}});

  EXPECT_EQ(one->directory, "/var/lib/cell-test-1");
  EXPECT_TRUE(one->network_ipv6.starts_with("fd")) << one->network_ipv6;
  EXPECT_NE(one->network_ipv6, two->network_ipv6);
  EXPECT_TRUE(one->dns_ip6.ends_with("::3")) << one->dns_ip6;
}

TEST(Environment, NetworksHaveTheOneTextThatEverybodyReads) {
  // Its digest has a group with a leading zero: fd2e:f475:08a9.
  EXPECT_EQ(read({{"CELL_INSTANCE", "t-bench-start"}})->network_ipv6, "fd2e:f475:8a9:20::/64");
  EXPECT_EQ(read({{"CELL_NETWORK6", "fd00:0:0:0:0::/64"}})->network_ipv6, "fd00::/64");
}

TEST(Environment, TakesAddressesInsideTheNetwork) {
  const auto result = read({{"CELL_NETWORK", "10.99.0.0/24"}, {"DNS_IP", "10.99.0.53"}});

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->dns_ip, "10.99.0.53");
  EXPECT_EQ(result->ntp_ip, "10.99.0.4");
}

TEST(Environment, DebugFlagAndAliasSetTheLevel) {
  EXPECT_EQ(read({{"CELL_DEBUG", "1"}})->log_level, "debug");
  EXPECT_TRUE(read({{"CELL_DEBUG", "1"}})->log_level_is_set);
  EXPECT_TRUE(read({{"CELL_LOG_LEVEL", "info"}})->log_level_is_set);
  EXPECT_TRUE(read({{"PIC_LOG_LEVEL", "warn"}})->log_level_is_set);
  EXPECT_FALSE(read({{"CELL_DEBUG", "0"}, {"CELL_LOG_LEVEL", ""}})->log_level_is_set);
  EXPECT_EQ(read({{"PIC_LOG_LEVEL", "WARNING"}})->log_level, "warn");
  EXPECT_EQ(read({{"CELL_LOG_LEVEL", "error"}, {"PIC_LOG_LEVEL", "debug"}})->log_level, "error");
}

struct Refused {
  const char* name;
  Values values;
  const char* variable;
};

class EnvironmentRefuses : public testing::TestWithParam<Refused> {};

TEST_P(EnvironmentRefuses, NamesTheVariable) {
  const auto result = read(GetParam().values);

  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().message.starts_with(std::string(GetParam().variable) + ":"))
      << result.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, EnvironmentRefuses,
    testing::Values(Refused{"upper_case", {{"CELL_INSTANCE", "Cell"}}, "CELL_INSTANCE"},
                    Refused{"shell", {{"CELL_INSTANCE", "a;reboot"}}, "CELL_INSTANCE"},
                    Refused{"relative", {{"CELL_DIR", "cell"}}, "CELL_DIR"},
                    Refused{"dots", {{"CELL_DIR", "/a/../b"}}, "CELL_DIR"},
                    Refused{"mount_syntax", {{"CELL_DIR", "/a:/etc"}}, "CELL_DIR"},
                    Refused{"not_a_port", {{"DNS_PORT", "dns"}}, "DNS_PORT"},
                    Refused{"port_0", {{"DNS_PORT", "0"}}, "DNS_PORT"},
                    Refused{"port_with_rest", {{"DNS_PORT", "53x"}}, "DNS_PORT"},
                    Refused{"port_too_high", {{"WG_PORT", "65536"}}, "WG_PORT"},
                    Refused{"same_tcp_port", {{"HTTP_PORT", "443"}}, "HTTPS_PORT"},
                    Refused{"same_udp_port", {{"WG_PORT", "53"}}, "WG_PORT"},
                    Refused{"no_network", {{"CELL_NETWORK", "172.20.0.0"}}, "CELL_NETWORK"},
                    Refused{"host_bits", {{"CELL_NETWORK", "172.20.0.1/16"}}, "CELL_NETWORK"},
                    Refused{"outside", {{"DNS_IP", "192.168.0.3"}}, "DNS_IP"},
                    Refused{"twice", {{"DNS_IP", "172.20.0.2"}}, "DNS_IP"},
                    Refused{"level", {{"CELL_LOG_LEVEL", "loud"}}, "CELL_LOG_LEVEL"},
                    Refused{"tcp_engine", {{"DOCKER_HOST", "tcp://a:2375"}}, "DOCKER_HOST"},
                    Refused{"bare_scheme", {{"DOCKER_HOST", "unix://"}}, "DOCKER_HOST"},
                    Refused{"tag", {{"CELL_IMAGE_TAG", "a b"}}, "CELL_IMAGE_TAG"},
                    Refused{"listen", {{"WEBUI_ADDRESS", "everywhere"}}, "WEBUI_ADDRESS"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(EnvFile, ReadsValuesCommentsAndQuotes) {
  const auto values =
      parse_env_file("# ports\nDNS_PORT=5353\nexport A='b # c'  # why\n\nB=\"x y\"\nC=1 # one\r\nD=\n");

  ASSERT_TRUE(values) << values.error().message;
  const Values expected{{"DNS_PORT", "5353"}, {"A", "b # c"}, {"B", "x y"}, {"C", "1"}, {"D", ""}};
  EXPECT_EQ(*values, expected);
}

TEST(EnvFile, RefusesWithTheLineNumber) {
  for (const char* text :
       {"A=1\nnonsense\n", "A=1\nA=2\n", "A=1\nB='open\n", "A=1\n1B=2\n", "A=1\nB='a' b\n"}) {
    const auto values = parse_env_file(text);
    ASSERT_FALSE(values) << text;
    EXPECT_TRUE(values.error().message.starts_with("line 2:")) << values.error().message;
  }
}

}  // namespace
}  // namespace cell::settings
