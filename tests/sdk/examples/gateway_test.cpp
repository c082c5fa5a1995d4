#include <cell/testing.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

Json plan_with(const Json& options) {
  testing::FakeHost host;
  return host.open().value()->plan(testing::config(options)).value();
}

std::string rules_of(const Json& plan) {
  return plan["containers"][0]["files"][0]["content"].get<std::string>();
}

TEST(GatewayExample, IsAnExitOfItsRouter) {
  const Json plan = plan_with(Json::object());

  EXPECT_EQ(plan["exits"],
            Json::parse(R"([{"id": "out", "name": {"en": "Gateway"}, "container": "router"}])"));
  EXPECT_EQ(plan["containers"][0]["name"], "router");
  EXPECT_EQ(plan["containers"][0]["capabilities"], Json::parse(R"(["NET_ADMIN"])"));
  EXPECT_EQ(plan["containers"][0]["sysctls"]["net.ipv4.ip_forward"], "1");
}

TEST(GatewayExample, DropsWhatNoRuleAccepts) {
  const std::string rules = rules_of(plan_with(Json::object()));

  EXPECT_NE(rules.find("hook forward priority filter; policy drop;\n"
                       "    ct state established,related accept\n"
                       "    meta nfproto ipv4 accept\n"),
            std::string::npos)
      << rules;
}

TEST(GatewayExample, LetsOnlyWebPagesThroughWhereTheOwnerSaysSo) {
  const std::string rules = rules_of(plan_with({{"only_web", true}}));

  EXPECT_NE(rules.find("    meta nfproto ipv4 meta l4proto { tcp, udp } th dport { 80, 443 } accept\n"),
            std::string::npos)
      << rules;
}

}  // namespace
}  // namespace cell::sdk
