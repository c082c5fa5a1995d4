#include "netfilter/render.hpp"

#include <gtest/gtest.h>
#include <nftables/libnftables.h>
#include <sched.h>

#include <memory>

namespace cell::netfilter {
namespace {

constexpr Access kUsual{.internet = true, .lan = false, .peers = false, .services = true};
constexpr Access kEverything{.internet = true, .lan = true, .peers = true, .services = true};
constexpr Access kNothing{};

Frame sample_frame() {
  return {.interface = "wg0",
          .listen_port = 51820,
          .ipv4 = {"10.13.13.1", "10.13.13.0/24", {"172.20.0.0/16"}, {"172.20.0.1"}},
          .ipv6 = {"fd00::1", "fd00::/64", {"fd01::/64"}, {"fd01::1"}},
          .forwards = {{53, false, "172.20.0.3", "fd01::3", 53, true}, {443, true, "172.20.0.2", "", 443, false}}};
}

constexpr std::string_view kSkeleton =
    R"(add table inet cell
add chain inet cell input { type filter hook input priority filter; policy drop; }
add chain inet cell forward { type filter hook forward priority filter; policy drop; }
add chain inet cell prerouting { type nat hook prerouting priority dstnat; policy accept; }
add chain inet cell postrouting { type nat hook postrouting priority srcnat; policy accept; }
add map inet cell peers4 { type ipv4_addr : verdict; }
add map inet cell peers6 { type ipv6_addr : verdict; }
add set inet cell reach4 { type ipv4_addr; }
add set inet cell reach6 { type ipv6_addr; }
add set inet cell always4 { type ipv4_addr . inet_proto . inet_service; }
add set inet cell always6 { type ipv6_addr . inet_proto . inet_service; }
)";

constexpr std::string_view kRefill =
    R"(flush chain inet cell input
flush chain inet cell forward
flush chain inet cell prerouting
flush chain inet cell postrouting
flush map inet cell peers4
flush map inet cell peers6
flush set inet cell reach4
flush set inet cell reach6
flush set inet cell always4
flush set inet cell always6
add chain inet cell always4_to
flush chain inet cell always4_to
add rule inet cell always4_to ip daddr . meta l4proto . th dport @always4 accept
add rule inet cell always4_to drop
add chain inet cell always4_from
flush chain inet cell always4_from
add rule inet cell always4_from ip saddr . meta l4proto . th sport @always4 accept
add rule inet cell always4_from drop
add chain inet cell answers4
flush chain inet cell answers4
add rule inet cell answers4 ct direction reply ip daddr @reach4 accept
add rule inet cell answers4 drop
add chain inet cell always6_to
flush chain inet cell always6_to
add rule inet cell always6_to ip6 daddr . meta l4proto . th dport @always6 accept
add rule inet cell always6_to drop
add chain inet cell always6_from
flush chain inet cell always6_from
add rule inet cell always6_from ip6 saddr . meta l4proto . th sport @always6 accept
add rule inet cell always6_from drop
add chain inet cell answers6
flush chain inet cell answers6
add rule inet cell answers6 ct direction reply ip6 daddr @reach6 accept
add rule inet cell answers6 drop
)";

constexpr std::string_view kUsualChains =
    R"(add chain inet cell p4_9
flush chain inet cell p4_9
add chain inet cell r4_9
flush chain inet cell r4_9
add rule inet cell p4_9 iifname != "wg0" goto r4_9
add rule inet cell p4_9 oifname "wg0" goto answers4
add rule inet cell p4_9 ip daddr 172.20.0.1 drop
add rule inet cell p4_9 ip daddr 172.20.0.0/16 accept
add rule inet cell p4_9 ip daddr { 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16 } drop
add rule inet cell p4_9 accept
add rule inet cell r4_9 ip saddr 172.20.0.1 drop
add rule inet cell r4_9 ip saddr 172.20.0.0/16 accept
add rule inet cell r4_9 ip saddr { 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16 } drop
add rule inet cell r4_9 accept
add chain inet cell p6_9
flush chain inet cell p6_9
add chain inet cell r6_9
flush chain inet cell r6_9
add rule inet cell p6_9 iifname != "wg0" goto r6_9
add rule inet cell p6_9 oifname "wg0" goto answers6
add rule inet cell p6_9 ip6 daddr fd01::1 drop
add rule inet cell p6_9 ip6 daddr fd01::/64 accept
add rule inet cell p6_9 ip6 daddr { fc00::/7, fe80::/10 } drop
add rule inet cell p6_9 accept
add rule inet cell r6_9 ip6 saddr fd01::1 drop
add rule inet cell r6_9 ip6 saddr fd01::/64 accept
add rule inet cell r6_9 ip6 saddr { fc00::/7, fe80::/10 } drop
add rule inet cell r6_9 accept
)";

constexpr std::string_view kBaseRules =
    R"(add rule inet cell input iifname "lo" accept
add rule inet cell input ct state established,related accept
add rule inet cell input meta l4proto { icmp, ipv6-icmp } accept
add rule inet cell input iifname != "wg0" udp dport 51820 accept
add rule inet cell forward ct state invalid drop
add rule inet cell forward tcp flags syn tcp option maxseg size set rt mtu
add rule inet cell forward iifname "wg0" ip saddr vmap @peers4
add rule inet cell forward iifname "wg0" ip6 saddr vmap @peers6
add rule inet cell forward iifname "wg0" drop
add rule inet cell forward oifname "wg0" ct state related accept
add rule inet cell forward oifname "wg0" ct state established ip daddr vmap @peers4
add rule inet cell forward oifname "wg0" ct state established ip6 daddr vmap @peers6
add rule inet cell prerouting iifname "wg0" ip daddr 10.13.13.1 udp dport 53 dnat ip to 172.20.0.3:53
add rule inet cell prerouting iifname "wg0" ip daddr 10.13.13.1 tcp dport 443 dnat ip to 172.20.0.2:443
add rule inet cell postrouting oifname != "wg0" ip saddr 10.13.13.0/24 masquerade
add rule inet cell prerouting iifname "wg0" ip6 daddr fd00::1 udp dport 53 dnat ip6 to [fd01::3]:53
add rule inet cell postrouting oifname != "wg0" ip6 saddr fd00::/64 masquerade
)";

constexpr std::string_view kElements =
    R"(add element inet cell always4 { 172.20.0.3 . udp . 53 }
add element inet cell peers4 { 10.13.13.2 : jump p4_9, 10.13.13.3 : jump p4_9 }
add element inet cell always6 { fd01::3 . udp . 53 }
add element inet cell peers6 { fd00::2 : jump p6_9 }
)";

Ruleset sample_ruleset() {
  return {sample_frame(),
          {{"10.13.13.2", Family::ipv4, kUsual}, {"fd00::2", Family::ipv6, kUsual}, {"10.13.13.3", Family::ipv4, kUsual}}};
}

TEST(RenderFull, IsThisScript) {
  EXPECT_EQ(render_full(sample_ruleset()), std::string(kSkeleton) + std::string(kRefill) + std::string(kUsualChains) +
                                               std::string(kBaseRules) + std::string(kElements));
}

TEST(RenderFull, NeverDeletesWhatPacketsPassThrough) {
  const auto script = render_full(sample_ruleset());

  EXPECT_EQ(script.find("delete"), std::string::npos);
  EXPECT_EQ(script.find("flush table"), std::string::npos);
  EXPECT_EQ(script.find("flush ruleset"), std::string::npos);
}

TEST(RenderFull, NobodyPassesWithoutPeers) {
  const auto script = render_full({sample_frame(), {}});

  EXPECT_EQ(script.find("add element inet cell peers"), std::string::npos);
  EXPECT_EQ(script.find("add chain inet cell p4_"), std::string::npos);
  EXPECT_NE(script.find("add rule inet cell forward iifname \"wg0\" drop\n"), std::string::npos);
}

TEST(RenderSkeleton, OnlyAdds) { EXPECT_EQ(render_skeleton(), kSkeleton); }

TEST(RenderFull, MakesOneChainForEqualAccess) {
  Ruleset ruleset{sample_frame(), {}};
  for (int host = 2; host < 200; ++host) {
    ruleset.members.push_back({"10.13.13." + std::to_string(host), Family::ipv4, host % 2 == 0 ? kUsual : kNothing});
  }
  const auto script = render_full(ruleset);

  std::size_t chains = 0;
  for (auto at = script.find("add chain inet cell p4_"); at != std::string::npos;
       at = script.find("add chain inet cell p4_", at + 1)) {
    ++chains;
  }
  EXPECT_EQ(chains, 2U);
}

TEST(RenderChange, OfOnePeerIsTwoElements) {
  EXPECT_EQ(render_change(sample_frame(), {{"10.13.13.2", Family::ipv4, kUsual, kNothing}}, 0xFFFFU),
            "delete element inet cell peers4 { 10.13.13.2 }\n"
            "add element inet cell peers4 { 10.13.13.2 : jump p4_0 }\n");
}

TEST(RenderChange, AddsAndRemovesReach) {
  EXPECT_EQ(render_change(sample_frame(),
                          {{"10.13.13.2", Family::ipv4, kUsual, kEverything},
                           {"10.13.13.3", Family::ipv4, kEverything, std::nullopt},
                           {"fd00::4", Family::ipv6, std::nullopt, kEverything}},
                          0xFFFFU),
            "delete element inet cell peers4 { 10.13.13.2, 10.13.13.3 }\n"
            "add element inet cell peers4 { 10.13.13.2 : jump p4_15 }\n"
            "delete element inet cell reach4 { 10.13.13.3 }\n"
            "add element inet cell reach4 { 10.13.13.2 }\n"
            "add element inet cell peers6 { fd00::4 : jump p6_15 }\n"
            "add element inet cell reach6 { fd00::4 }\n");
}

TEST(RenderChange, MakesAPolicyChainBeforeItsFirstUse) {
  const auto script = render_change(sample_frame(), {{"10.13.13.2", Family::ipv4, std::nullopt, kUsual}}, 0);

  EXPECT_EQ(script, std::string(kUsualChains) + "add element inet cell peers4 { 10.13.13.2 : jump p4_9 }\n");
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
  for (auto at = script.find("add element inet cell peers4"); at != std::string::npos;
       at = script.find("add element inet cell peers4", at + 1)) {
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
    if (nft_run_cmd_from_buffer(context_.get(), "list ruleset") != 0) GTEST_SKIP() << "the kernel has no nf_tables";
  }

  testing::AssertionResult run(const std::string& script) {
    if (nft_run_cmd_from_buffer(context_.get(), script.c_str()) == 0) return testing::AssertionSuccess();
    return testing::AssertionFailure() << nft_ctx_get_error_buffer(context_.get());
  }

  std::string listing(const std::string& what) {
    if (!run("list " + what)) return {};
    return nft_ctx_get_output_buffer(context_.get());
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
  ASSERT_TRUE(run(render_full({frame, {{"10.13.13.2", Family::ipv4, kUsual}, {"10.13.13.3", Family::ipv4, kEverything}}})));
  const auto before = listing("map inet cell peers4");

  ASSERT_TRUE(run(render_change(frame,
                                {{"10.13.13.2", Family::ipv4, kUsual, kNothing},
                                 {"10.13.13.3", Family::ipv4, kEverything, std::nullopt},
                                 {"fd00::4", Family::ipv6, std::nullopt, kEverything}},
                                1U << kUsual.index() | 1U << kEverything.index())));
  const auto changed = listing("map inet cell peers4") + listing("map inet cell peers6") + listing("set inet cell reach4") +
                       listing("chain inet cell p4_0");
  ASSERT_TRUE(run(render_full({frame, {{"10.13.13.2", Family::ipv4, kNothing}, {"fd00::4", Family::ipv6, kEverything}}})));
  const auto refilled = listing("map inet cell peers4") + listing("map inet cell peers6") +
                        listing("set inet cell reach4") + listing("chain inet cell p4_0");

  EXPECT_NE(before, "");
  EXPECT_EQ(changed, refilled);
}

TEST_F(KernelTest, RefusesAChangeOfAnAddressThatIsNotThere) {
  ASSERT_TRUE(run(render_full({sample_frame(), {}})));

  EXPECT_FALSE(run(render_change(sample_frame(), {{"10.13.13.2", Family::ipv4, kUsual, std::nullopt}}, 0)));
}

}  // namespace
}  // namespace cell::netfilter
