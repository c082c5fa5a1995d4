#include "netfilter/render.hpp"

#include <array>
#include <cstring>
#include <memory>

#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <nftables/libnftables.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netfilter/element_batch.hpp"

namespace cell::netfilter {
namespace {

constexpr Access kUsual{.internet = true, .lan = false, .peers = false, .services = true};
constexpr Access kEverything{.internet = true, .lan = true, .peers = true, .services = true};
constexpr Access kNothing{};

Frame sample_frame() {
  return {.interface = "wg0",
          .listen_port = 51820,
          .ipv4 = {"10.13.13.1", "10.13.13.0/24", {"172.20.0.0/16"}},
          .ipv6 = {"fd00::1", "fd00::/64", {"fd01::/64"}},
          .forwards = {{53, false, "172.20.0.3", "fd01::3", 53, true},
                       {443, true, "172.20.0.2", "", 443, false}}};
}

constexpr std::string_view kSkeleton4 =
    R"(add table ip cell
add chain ip cell input { type filter hook input priority filter; policy drop; }
add chain ip cell forward { type filter hook forward priority filter; policy drop; }
add chain ip cell ways { type filter hook prerouting priority mangle; policy accept; }
add chain ip cell prerouting { type nat hook prerouting priority dstnat; policy accept; }
add chain ip cell postrouting { type nat hook postrouting priority srcnat; policy accept; }
add map ip cell peers { type ipv4_addr : mark; }
add map ip cell exits { type ipv4_addr : mark; }
add map ip cell policies { type mark : verdict; size 16; }
add map ip cell replies { type mark : verdict; size 16; }
add set ip cell reach { type ipv4_addr; }
add set ip cell always { type ipv4_addr . inet_proto . inet_service; }
add set ip cell services { type ipv4_addr . inet_proto . inet_service; }
add set ip cell ways { type mark . ipv4_addr; }
)";

constexpr std::string_view kRefill4 =
    R"(flush chain ip cell input
flush chain ip cell forward
flush chain ip cell ways
flush chain ip cell prerouting
flush chain ip cell postrouting
flush map ip cell peers
flush map ip cell exits
flush map ip cell policies
flush map ip cell replies
flush set ip cell reach
flush set ip cell always
flush set ip cell services
flush set ip cell ways
add chain ip cell answers
flush chain ip cell answers
add rule ip cell answers ct direction reply ip daddr @reach accept
add rule ip cell answers drop
)";

constexpr std::string_view kUsualChains4 =
    R"(add chain ip cell p_9_cell
flush chain ip cell p_9_cell
add chain ip cell p_9
flush chain ip cell p_9
add chain ip cell r_9_cell
flush chain ip cell r_9_cell
add chain ip cell r_9
flush chain ip cell r_9
add rule ip cell p_9 oifname "wg0" goto answers
add rule ip cell p_9 ip daddr 172.20.0.0/16 goto p_9_cell
add rule ip cell p_9 ip daddr { 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16 } drop
add rule ip cell p_9 accept
add rule ip cell p_9_cell ip daddr . meta l4proto . th dport @services accept
add rule ip cell p_9_cell drop
add rule ip cell r_9 ip saddr 172.20.0.0/16 goto r_9_cell
add rule ip cell r_9 ip saddr { 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16 } drop
add rule ip cell r_9 accept
add rule ip cell r_9_cell ip saddr . meta l4proto . th sport @services accept
add rule ip cell r_9_cell drop
add element ip cell policies { 0x109 : jump p_9 }
add element ip cell replies { 0x109 : jump r_9 }
)";

constexpr std::string_view kBaseRules4 =
    R"(add rule ip cell input iifname "lo" accept
add rule ip cell input ct state established,related accept
add rule ip cell input meta l4proto icmp accept
add rule ip cell input iifname != "wg0" udp dport 51820 accept
add rule ip cell forward ct state invalid drop
add rule ip cell forward tcp flags syn tcp option maxseg size set rt mtu
add rule ip cell forward iifname "wg0" meta mark set ip saddr map @peers meta mark vmap @policies
add rule ip cell forward iifname "wg0" drop
add rule ip cell forward oifname "wg0" ct state related accept
add rule ip cell forward oifname "wg0" ct state established meta mark set ip daddr map @peers meta mark vmap @replies
add rule ip cell prerouting iifname "wg0" ip daddr 10.13.13.1 udp dport 53 dnat to 172.20.0.3:53
add rule ip cell prerouting iifname "wg0" ip daddr 10.13.13.1 tcp dport 443 dnat to 172.20.0.2:443
add rule ip cell postrouting oifname != "wg0" ip saddr 10.13.13.0/24 masquerade
add element ip cell always { 172.20.0.3 . udp . 53 }
add element ip cell services { 172.20.0.2 . tcp . 443, 172.20.0.3 . udp . 53 }
add element ip cell peers { 10.13.13.2 : 0x109, 10.13.13.3 : 0x109 }
)";

constexpr std::string_view kSkeleton6 =
    R"(add table ip6 cell
add chain ip6 cell input { type filter hook input priority filter; policy drop; }
add chain ip6 cell forward { type filter hook forward priority filter; policy drop; }
add chain ip6 cell ways { type filter hook prerouting priority mangle; policy accept; }
add chain ip6 cell prerouting { type nat hook prerouting priority dstnat; policy accept; }
add chain ip6 cell postrouting { type nat hook postrouting priority srcnat; policy accept; }
add map ip6 cell peers { type ipv6_addr : mark; }
add map ip6 cell exits { type ipv6_addr : mark; }
add map ip6 cell policies { type mark : verdict; size 16; }
add map ip6 cell replies { type mark : verdict; size 16; }
add set ip6 cell reach { type ipv6_addr; }
add set ip6 cell always { type ipv6_addr . inet_proto . inet_service; }
add set ip6 cell services { type ipv6_addr . inet_proto . inet_service; }
add set ip6 cell ways { type mark . ipv6_addr; }
)";

constexpr std::string_view kRefill6 =
    R"(flush chain ip6 cell input
flush chain ip6 cell forward
flush chain ip6 cell ways
flush chain ip6 cell prerouting
flush chain ip6 cell postrouting
flush map ip6 cell peers
flush map ip6 cell exits
flush map ip6 cell policies
flush map ip6 cell replies
flush set ip6 cell reach
flush set ip6 cell always
flush set ip6 cell services
flush set ip6 cell ways
add chain ip6 cell answers
flush chain ip6 cell answers
add rule ip6 cell answers ct direction reply ip6 daddr @reach accept
add rule ip6 cell answers drop
)";

constexpr std::string_view kUsualChains6 =
    R"(add chain ip6 cell p_9_cell
flush chain ip6 cell p_9_cell
add chain ip6 cell p_9
flush chain ip6 cell p_9
add chain ip6 cell r_9_cell
flush chain ip6 cell r_9_cell
add chain ip6 cell r_9
flush chain ip6 cell r_9
add rule ip6 cell p_9 oifname "wg0" goto answers
add rule ip6 cell p_9 ip6 daddr fd01::/64 goto p_9_cell
add rule ip6 cell p_9 ip6 daddr { fc00::/7, fe80::/10 } drop
add rule ip6 cell p_9 accept
add rule ip6 cell p_9_cell ip6 daddr . meta l4proto . th dport @services accept
add rule ip6 cell p_9_cell drop
add rule ip6 cell r_9 ip6 saddr fd01::/64 goto r_9_cell
add rule ip6 cell r_9 ip6 saddr { fc00::/7, fe80::/10 } drop
add rule ip6 cell r_9 accept
add rule ip6 cell r_9_cell ip6 saddr . meta l4proto . th sport @services accept
add rule ip6 cell r_9_cell drop
add element ip6 cell policies { 0x109 : jump p_9 }
add element ip6 cell replies { 0x109 : jump r_9 }
)";

constexpr std::string_view kBaseRules6 =
    R"(add rule ip6 cell input iifname "lo" accept
add rule ip6 cell input ct state established,related accept
add rule ip6 cell input meta l4proto ipv6-icmp accept
add rule ip6 cell input iifname != "wg0" udp dport 51820 accept
add rule ip6 cell forward ct state invalid drop
add rule ip6 cell forward tcp flags syn tcp option maxseg size set rt mtu
add rule ip6 cell forward iifname "wg0" meta mark set ip6 saddr map @peers meta mark vmap @policies
add rule ip6 cell forward iifname "wg0" drop
add rule ip6 cell forward oifname "wg0" ct state related accept
add rule ip6 cell forward oifname "wg0" ct state established meta mark set ip6 daddr map @peers meta mark vmap @replies
add rule ip6 cell prerouting iifname "wg0" ip6 daddr fd00::1 udp dport 53 dnat to [fd01::3]:53
add rule ip6 cell postrouting oifname != "wg0" ip6 saddr fd00::/64 masquerade
add element ip6 cell always { fd01::3 . udp . 53 }
add element ip6 cell services { fd01::3 . udp . 53 }
add element ip6 cell peers { fd00::2 : 0x109 }
)";

Ruleset sample_ruleset() {
  return {sample_frame(),
          {{"10.13.13.2", Family::ipv4, kUsual},
           {"fd00::2", Family::ipv6, kUsual},
           {"10.13.13.3", Family::ipv4, kUsual}}};
}

TEST(RenderFull, IsThisScript) {
  std::string expected;
  for (const auto part :
       {kSkeleton4, kRefill4, kUsualChains4, kBaseRules4, kSkeleton6, kRefill6, kUsualChains6, kBaseRules6}) {
    expected += part;
  }
  EXPECT_EQ(render_full(sample_ruleset()), expected);
}

TEST(RenderFull, NeverDeletesWhatPacketsPassThrough) {
  const auto script = render_full(sample_ruleset());

  EXPECT_EQ(script.find("delete"), std::string::npos);
  EXPECT_EQ(script.find("flush table"), std::string::npos);
  EXPECT_EQ(script.find("flush ruleset"), std::string::npos);
}

TEST(RenderFull, NobodyPassesWithoutPeers) {
  const auto script = render_full({sample_frame(), {}});

  EXPECT_EQ(script.find("add element ip cell peers"), std::string::npos);
  EXPECT_EQ(script.find("add element ip cell policies"), std::string::npos);
  EXPECT_EQ(script.find("add chain ip cell p_"), std::string::npos);
  EXPECT_NE(script.find("add rule ip cell forward iifname \"wg0\" drop\n"), std::string::npos);
}

TEST(RenderSkeleton, OnlyAdds) {
  EXPECT_EQ(render_skeleton(), std::string(kSkeleton4) + std::string(kSkeleton6));
}

TEST(RenderFull, MakesOneChainForEqualAccess) {
  Ruleset ruleset{sample_frame(), {}};
  for (int host = 2; host < 200; ++host) {
    ruleset.members.push_back(
        {"10.13.13." + std::to_string(host), Family::ipv4, host % 2 == 0 ? kUsual : kNothing});
  }
  const auto script = render_full(ruleset);

  std::size_t chains = 0;
  for (auto at = script.find("add chain ip cell p_"); at != std::string::npos;
       at = script.find("add chain ip cell p_", at + 1)) {
    ++chains;
  }
  EXPECT_EQ(chains, 4U);  // p_0, p_9, and for each what it may reach of the cell
}

// The lines of the script that rule chain `name`, without what all have in common.
std::vector<std::string> rules_of(const std::string& script, const std::string& name) {
  const std::string head = "add rule ip cell " + name + " ";
  std::vector<std::string> rules;
  for (auto at = script.find(head); at != std::string::npos; at = script.find(head, at + 1))
    rules.push_back(script.substr(at + head.size(), script.find('\n', at) - at - head.size()));
  return rules;
}

TEST(RenderFull, OfTheCellsContainersAPeerReachesOnlyWhatTheHubForwards) {
  const auto script = render_full({sample_frame(),
                                   {{"10.13.13.2", Family::ipv4, kUsual},
                                    {"10.13.13.3", Family::ipv4, kEverything},
                                    {"10.13.13.4", Family::ipv4, kNothing}}});
  using Rules = std::vector<std::string>;

  EXPECT_EQ(rules_of(script, "p_9_cell"),
            (Rules{"ip daddr . meta l4proto . th dport @services accept", "drop"}));
  EXPECT_EQ(rules_of(script, "p_15_cell"),
            (Rules{"ip daddr . meta l4proto . th dport @services accept", "drop"}));
  EXPECT_EQ(rules_of(script, "p_0_cell"),
            (Rules{"ip daddr . meta l4proto . th dport @always accept", "drop"}));
  EXPECT_EQ(rules_of(script, "p_15"),
            (Rules{"oifname \"wg0\" accept", "ip daddr 172.20.0.0/16 goto p_15_cell", "accept"}));
}

Frame frame_with_exits() {
  auto frame = sample_frame();
  frame.exits = {{17, "172.20.0.17", "fd01::17"}, {4095, "172.20.0.18", ""}};
  return frame;
}

constexpr Access through(unsigned exit) {
  Access access = kUsual;
  access.exit = exit;
  return access;
}

TEST(RenderFull, MarksWhatGoesToTheInternetThroughAnExitAndLooksWhereItGoes) {
  const auto script = render_full({frame_with_exits(),
                                   {{"10.13.13.2", Family::ipv4, through(17)},
                                    {"fd00::2", Family::ipv6, through(4095)},
                                    {"10.13.13.3", Family::ipv4, kUsual}}});
  const auto has = [&](const std::string& line) { return script.find(line + "\n") != std::string::npos; };

  EXPECT_TRUE(
      has("add rule ip cell ways iifname \"wg0\" ip daddr != { 10.13.13.0/24, 172.20.0.0/16, "
          "10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16 } "
          "meta mark set ip saddr map @exits"));
  EXPECT_TRUE(
      has("add rule ip6 cell ways iifname \"wg0\" ip6 daddr != { fd00::/64, fd01::/64, fc00::/7, "
          "fe80::/10 } meta mark set ip6 saddr map @exits"));
  EXPECT_TRUE(has("add element ip cell ways { 0x110000 . 172.20.0.17, 0xfff0000 . 172.20.0.18 }"));
  EXPECT_TRUE(has("add element ip6 cell ways { 0x110000 . fd01::17 }"));
  EXPECT_TRUE(has("add element ip cell exits { 10.13.13.2 : 0x110000 }"));
  EXPECT_TRUE(has("add element ip6 cell exits { fd00::2 : 0xfff0000 }"));
  EXPECT_TRUE(has("add element ip cell peers { 10.13.13.2 : 0x109, 10.13.13.3 : 0x109 }"));
  // Before the rule that replaces the mark and judges.
  EXPECT_EQ(rules_of(script, "forward").at(2),
            "iifname \"wg0\" meta mark != 0 meta mark . rt ip nexthop != @ways drop");
  EXPECT_TRUE(
      has("add rule ip6 cell forward iifname \"wg0\" meta mark != 0 meta mark . rt ip6 nexthop != @ways "
          "drop"));
}

TEST(RenderFull, AnExitMoreIsNoRuleMore) {
  const auto rules = [](const Frame& frame) {
    const auto script = render_full({frame, {}});
    std::size_t count = 0;
    for (auto at = script.find("add rule "); at != std::string::npos; at = script.find("add rule ", at + 1))
      ++count;
    return count;
  };
  auto frame = frame_with_exits();
  const auto before = rules(frame);
  for (unsigned number = 20; number < 60; ++number)
    frame.exits.push_back({number, "172.20.0." + std::to_string(number), ""});

  EXPECT_EQ(rules(frame), before);
}

TEST(RenderChange, OfTheExitAlone) {
  EXPECT_EQ(render_change(frame_with_exits(),
                          {{"10.13.13.2", Family::ipv4, through(17), through(4095)},
                           {"10.13.13.3", Family::ipv4, kUsual, through(17)},
                           {"10.13.13.4", Family::ipv4, through(17), kUsual},
                           {"10.13.13.5", Family::ipv4, through(17), std::nullopt}},
                          0xFFFFU),
            "delete element ip cell peers { 10.13.13.2, 10.13.13.3, 10.13.13.4, 10.13.13.5 }\n"
            "add element ip cell peers { 10.13.13.2 : 0x109, 10.13.13.3 : 0x109, 10.13.13.4 : 0x109 }\n"
            "delete element ip cell exits { 10.13.13.2, 10.13.13.4, 10.13.13.5 }\n"
            "add element ip cell exits { 10.13.13.2 : 0xfff0000, 10.13.13.3 : 0x110000 }\n");
}

TEST(RenderChange, LeavesTheExitWhereOnlyTheAccessChanges) {
  auto fewer = through(17);
  fewer.services = false;

  EXPECT_EQ(render_change(frame_with_exits(), {{"10.13.13.2", Family::ipv4, through(17), fewer}}, 0xFFFFU),
            "delete element ip cell peers { 10.13.13.2 }\n"
            "add element ip cell peers { 10.13.13.2 : 0x101 }\n");
}

TEST(RenderFull, TakesTwoPortsThatLeadToOneTarget) {
  auto frame = sample_frame();
  frame.forwards.push_back({8443, true, "172.20.0.2", "", 443, false});

  const auto script = render_full({frame, {}});

  EXPECT_NE(script.find("add element ip cell services { 172.20.0.2 . tcp . 443, 172.20.0.3 . udp . 53 }\n"),
            std::string::npos);
}

TEST(RenderFull, AForwardMoreIsNoRuleMoreThatPacketsPass) {
  const auto count = [](const std::string& script, const std::string& what) {
    std::size_t found = 0;
    for (auto at = script.find(what); at != std::string::npos; at = script.find(what, at + 1)) ++found;
    return found;
  };
  Ruleset ruleset{sample_frame(), {{"10.13.13.2", Family::ipv4, kUsual}}};
  const auto before = render_full(ruleset);
  for (std::uint16_t port = 8000; port < 8100; ++port)
    ruleset.frame.forwards.push_back({port, true, "172.20.0.9", "", port, false});

  const auto after = render_full(ruleset);

  EXPECT_EQ(count(after, " dnat to "), count(before, " dnat to ") + 100);  // the way in, once a connection
  EXPECT_EQ(count(after, "add rule ") - 100, count(before, "add rule "));
}

TEST(RenderChange, OfOnePeerIsTwoElements) {
  EXPECT_EQ(render_change(sample_frame(), {{"10.13.13.2", Family::ipv4, kUsual, kNothing}}, 0xFFFFU),
            "delete element ip cell peers { 10.13.13.2 }\n"
            "add element ip cell peers { 10.13.13.2 : 0x100 }\n");
}

TEST(RenderChange, AddsAndRemovesReach) {
  EXPECT_EQ(render_change(sample_frame(),
                          {{"10.13.13.2", Family::ipv4, kUsual, kEverything},
                           {"10.13.13.3", Family::ipv4, kEverything, std::nullopt},
                           {"fd00::4", Family::ipv6, std::nullopt, kEverything}},
                          0xFFFFU),
            "delete element ip cell peers { 10.13.13.2, 10.13.13.3 }\n"
            "add element ip cell peers { 10.13.13.2 : 0x10f }\n"
            "delete element ip cell reach { 10.13.13.3 }\n"
            "add element ip cell reach { 10.13.13.2 }\n"
            "add element ip6 cell peers { fd00::4 : 0x10f }\n"
            "add element ip6 cell reach { fd00::4 }\n");
}

TEST(RenderChange, MakesAPolicyChainBeforeItsFirstUse) {
  const auto script = render_change(sample_frame(), {{"10.13.13.2", Family::ipv4, std::nullopt, kUsual}}, 0);

  EXPECT_EQ(script, std::string(kUsualChains4) + std::string(kUsualChains6) +
                        "add element ip cell peers { 10.13.13.2 : 0x109 }\n");
}

TEST(RenderChange, IsEmptyWhenNothingChanges) {
  EXPECT_EQ(render_change(sample_frame(), {}, 0), "");
  EXPECT_EQ(render_change(sample_frame(), {{"10.13.13.2", Family::ipv4, kUsual, kUsual}}, 0), "");
}

TEST(RenderFull, SplitsLongElementLists) {
  Ruleset ruleset{sample_frame(), {}};
  for (int index = 0; index < 10'001; ++index) {
    ruleset.members.push_back(
        {"10.13." + std::to_string(index / 250) + "." + std::to_string(index % 250), Family::ipv4, kUsual});
  }
  const auto script = render_full(ruleset);

  std::size_t commands = 0;
  for (auto at = script.find("add element ip cell peers"); at != std::string::npos;
       at = script.find("add element ip cell peers", at + 1)) {
    ++commands;
  }
  EXPECT_EQ(commands, 3U);
}

// The kernel's own word on the scripts, in a network namespace that only this test sees.
class KernelTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "needs root for a network namespace";
    context_.reset(nft_ctx_new(NFT_CTX_DEFAULT));
    nft_ctx_buffer_error(context_.get());
    nft_ctx_buffer_output(context_.get());
    if (nft_run_cmd_from_buffer(context_.get(), "list ruleset") != 0)
      GTEST_SKIP() << "the kernel has no nf_tables";
  }

  testing::AssertionResult run(const std::string& script) {
    if (nft_run_cmd_from_buffer(context_.get(), script.c_str()) == 0) return testing::AssertionSuccess();
    return testing::AssertionFailure() << nft_ctx_get_error_buffer(context_.get());
  }

  std::string listing(const std::string& what) {
    if (!run("list " + what)) return {};
    return nft_ctx_get_output_buffer(context_.get());
  }

  // The first error that the kernel answers, 0 for success.
  static int send(const ElementBatch& batch) {
    const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    EXPECT_EQ(::send(socket, batch.bytes.data(), batch.bytes.size(), 0),
              static_cast<ssize_t>(batch.bytes.size()));
    std::array<char, 8192> answer{};
    const auto size = ::recv(socket, answer.data(), answer.size(), 0);
    ::close(socket);
    int error = 0;
    EXPECT_GE(size, static_cast<ssize_t>(NLMSG_HDRLEN + sizeof(error)));
    std::memcpy(&error, answer.data() + NLMSG_HDRLEN, sizeof(error));
    return -error;
  }

  struct Free {
    void operator()(nft_ctx* context) const { nft_ctx_free(context); }
  };
  std::unique_ptr<nft_ctx, Free> context_;
};

TEST_F(KernelTest, TakesEveryPolicy) {
  Ruleset ruleset{sample_frame(), {}};
  for (unsigned index = 0; index < 16; ++index) {
    const Access access{(index & 1U) != 0, (index & 2U) != 0, (index & 4U) != 0, (index & 8U) != 0};
    ruleset.members.push_back({"10.13.13." + std::to_string(index + 2), Family::ipv4, access});
    ruleset.members.push_back({"fd00::1" + std::to_string(index), Family::ipv6, access});
  }
  EXPECT_TRUE(run(render_skeleton()));
  EXPECT_TRUE(run(render_full(ruleset)));
  EXPECT_TRUE(run(render_full(ruleset)));
}

TEST_F(KernelTest, ChangesLeadToTheSameRulesAsARefill) {
  const auto frame = sample_frame();
  ASSERT_TRUE(run(render_full(
      {frame, {{"10.13.13.2", Family::ipv4, kUsual}, {"10.13.13.3", Family::ipv4, kEverything}}})));
  const auto before = listing("map ip cell peers");

  ASSERT_TRUE(run(render_change(frame,
                                {{"10.13.13.2", Family::ipv4, kUsual, kNothing},
                                 {"10.13.13.3", Family::ipv4, kEverything, std::nullopt},
                                 {"fd00::4", Family::ipv6, std::nullopt, kEverything}},
                                1U << kUsual.index() | 1U << kEverything.index())));
  const auto changed = listing("map ip cell peers") + listing("map ip6 cell peers") +
                       listing("set ip cell reach") + listing("chain ip cell p_0");
  ASSERT_TRUE(run(render_full(
      {frame, {{"10.13.13.2", Family::ipv4, kNothing}, {"fd00::4", Family::ipv6, kEverything}}})));
  const auto refilled = listing("map ip cell peers") + listing("map ip6 cell peers") +
                        listing("set ip cell reach") + listing("chain ip cell p_0");

  EXPECT_NE(before, "");
  EXPECT_EQ(changed, refilled);
}

// The bytes are the kernel's business: what counts is that they do what the script does.
TEST_F(KernelTest, BatchDoesWhatTheScriptDoes) {
  const std::vector<MemberChange> changes{{"10.13.13.2", Family::ipv4, kUsual, kNothing},
                                          {"10.13.13.3", Family::ipv4, kEverything, std::nullopt},
                                          {"fd00::4", Family::ipv6, std::nullopt, kEverything}};
  const Ruleset before{sample_frame(),
                       {{"10.13.13.2", Family::ipv4, kUsual},
                        {"10.13.13.3", Family::ipv4, kEverything},
                        {"10.13.13.9", Family::ipv4, kNothing}}};
  const auto everything = [&] {
    return listing("map ip cell peers") + listing("map ip6 cell peers") + listing("set ip cell reach") +
           listing("set ip6 cell reach");
  };
  ASSERT_TRUE(run(render_full(before)));
  ASSERT_TRUE(run(render_change(before.frame, changes, policies_of(before.members))));
  const auto by_script = everything();
  ASSERT_TRUE(run(render_full(before)));

  EXPECT_EQ(send(element_batch(changes, 7)), 0);

  EXPECT_EQ(everything(), by_script);
  EXPECT_EQ(send(element_batch(changes, 70)), ENOENT);
  EXPECT_EQ(everything(), by_script);
}

TEST_F(KernelTest, BatchChangesExitsAsTheScriptDoes) {
  const std::vector<MemberChange> changes{{"10.13.13.2", Family::ipv4, through(17), through(4095)},
                                          {"10.13.13.3", Family::ipv4, kUsual, through(17)},
                                          {"10.13.13.4", Family::ipv4, through(17), std::nullopt},
                                          {"fd00::4", Family::ipv6, std::nullopt, through(17)}};
  const Ruleset before{frame_with_exits(),
                       {{"10.13.13.2", Family::ipv4, through(17)},
                        {"10.13.13.3", Family::ipv4, kUsual},
                        {"10.13.13.4", Family::ipv4, through(17)}}};
  const auto everything = [&] {
    return listing("map ip cell peers") + listing("map ip cell exits") + listing("map ip6 cell exits");
  };
  ASSERT_TRUE(run(render_full(before)));
  ASSERT_TRUE(run(render_change(before.frame, changes, policies_of(before.members))));
  const auto by_script = everything();
  EXPECT_NE(by_script.find("10.13.13.2 : 0x0fff0000"), std::string::npos) << by_script;
  ASSERT_TRUE(run(render_full(before)));

  EXPECT_EQ(send(element_batch(changes, 7)), 0);

  EXPECT_EQ(everything(), by_script);
}

TEST_F(KernelTest, RefusesAChangeOfAnAddressThatIsNotThere) {
  ASSERT_TRUE(run(render_full({sample_frame(), {}})));

  EXPECT_FALSE(run(render_change(sample_frame(), {{"10.13.13.2", Family::ipv4, kUsual, std::nullopt}}, 0)));
}

}  // namespace
}  // namespace cell::netfilter
