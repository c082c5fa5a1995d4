#include "netfilter/policy_route.hpp"

#include <gtest/gtest.h>

namespace cell::netfilter {
namespace {

const std::vector<Exit> kExits{{17, "172.20.0.17", "fd01::17"}, {18, "172.20.0.18", ""}};

// As `ip -j -N` answers where nobody has set anything.
RouteFacts bare_facts() {
  return {Json::parse(
              R"([{"priority":0,"src":"all","table":"255"},{"priority":32766,"src":"all","table":"254"}])"),
          Json::parse(R"([{"dst":"default","gateway":"172.20.0.1","dev":"eth0","flags":[]},
                          {"type":"2","dst":"127.0.0.1","dev":"lo","table":"255","flags":[]}])")};
}

RouteFacts complete_facts() {
  auto facts = bare_facts();
  facts.rules.push_back(Json::parse(
      R"({"priority":10017,"src":"all","fwmark":"0x110000","fwmask":"0xfff0000","table":"10017"})"));
  facts.rules.push_back(Json::parse(
      R"({"priority":10018,"src":"all","fwmark":"0x120000","fwmask":"0xfff0000","table":"10018"})"));
  for (const auto* number : {"17", "18"}) {
    const std::string table = std::string("100") + number;
    const std::string gateway = std::string("172.20.0.") + number;
    facts.routes.push_back(
        {{"dst", "default"}, {"gateway", gateway}, {"dev", "eth0"}, {"table", table}, {"metric", 100}});
    facts.routes.push_back({{"type", "6"}, {"dst", "default"}, {"table", table}, {"metric", 4096}});
  }
  return facts;
}

TEST(ExitMark, HasBitsOfItsOwn) {
  EXPECT_EQ(exit_mark(1), 0x10000U);
  EXPECT_EQ(exit_mark(4095), 0xFFF0000U);
  EXPECT_EQ(exit_mark_text(1), "0x10000");
  EXPECT_EQ(exit_mark_text(17), "0x110000");
  EXPECT_EQ(exit_mark_text(4095), "0xfff0000");
}

TEST(RouteBatches, BlockBeforeTheyLeadAnywhere) {
  const auto batches = route_batches(kExits, Family::ipv4, bare_facts());

  EXPECT_EQ(batches.closing,
            "route replace blackhole default metric 4096 table 10017\n"
            "rule add fwmark 0x110000/0xfff0000 lookup 10017 pref 10017\n"
            "route replace blackhole default metric 4096 table 10018\n"
            "rule add fwmark 0x120000/0xfff0000 lookup 10018 pref 10018\n");
  EXPECT_EQ(batches.opening,
            "route replace default via 172.20.0.17 metric 100 table 10017\n"
            "route replace default via 172.20.0.18 metric 100 table 10018\n");
  EXPECT_EQ(batches.removal, "");
}

TEST(RouteBatches, OnlyBlockWhereTheExitHasNoAddressOfTheFamily) {
  const auto batches = route_batches(kExits, Family::ipv6, bare_facts());

  EXPECT_EQ(batches.closing,
            "route replace blackhole default metric 4096 table 10017\n"
            "rule add fwmark 0x110000/0xfff0000 lookup 10017 pref 10017\n"
            "route replace blackhole default metric 4096 table 10018\n"
            "rule add fwmark 0x120000/0xfff0000 lookup 10018 pref 10018\n");
  EXPECT_EQ(batches.opening, "route replace default via fd01::17 metric 100 table 10017\n");
}

TEST(RouteBatches, AreEmptyWhereAllIsThere) {
  const auto batches = route_batches(kExits, Family::ipv4, complete_facts());

  EXPECT_EQ(batches.closing + batches.opening + batches.removal, "");
}

TEST(RouteBatches, PutBackWhatIsLost) {
  auto facts = complete_facts();
  facts.routes.erase(2);  // the way of 17
  facts.rules.erase(3);   // the rule of 18

  const auto batches = route_batches(kExits, Family::ipv4, facts);

  EXPECT_EQ(batches.closing, "rule add fwmark 0x120000/0xfff0000 lookup 10018 pref 10018\n");
  EXPECT_EQ(batches.opening, "route replace default via 172.20.0.17 metric 100 table 10017\n");
  EXPECT_EQ(batches.removal, "");
}

TEST(RouteBatches, RemoveAnExitThatIsGone) {
  const auto batches = route_batches({kExits.front()}, Family::ipv4, complete_facts());

  EXPECT_EQ(batches.closing + batches.opening, "");
  EXPECT_EQ(batches.removal, "rule del pref 10018\nroute flush table 10018\n");
}

TEST(RouteBatches, LeaveWhatIsNotTheirsAlone) {
  auto facts = bare_facts();
  facts.rules.push_back(Json::parse(R"({"priority":9000,"src":"all","fwmark":"0x5","table":"9000"})"));
  facts.routes.push_back({{"dst", "default"}, {"gateway", "172.20.0.9"}, {"table", "14096"}, {"metric", 1}});

  EXPECT_EQ(route_batches({}, Family::ipv4, facts).removal, "");
}

TEST(RouteBatches, TakeAnotherWayOutOfATableAway) {
  auto facts = complete_facts();
  facts.routes.push_back({{"dst", "default"}, {"gateway", "172.20.0.1"}, {"table", "10017"}, {"metric", 5}});

  EXPECT_EQ(route_batches(kExits, Family::ipv4, facts).removal, "route del default metric 5 table 10017\n");
}

}  // namespace
}  // namespace cell::netfilter
