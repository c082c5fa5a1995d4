#include <string>

#include <cell/plugin.hpp>

namespace {

using namespace cell::sdk;

constexpr const char* kRules = "/etc/gateway/rules.nft";

// What the router does with packets that come from the hub. They are for any address; what no rule accepts
// ends here, and with it all IPv6, which this exit does not say that it carries.
std::string rules(bool only_web) {
  const std::string allowed = only_web ? "meta l4proto { tcp, udp } th dport { 80, 443 } " : "";
  return "add table inet gateway\n"
         "flush table inet gateway\n"
         "table inet gateway {\n"
         "  chain forward {\n"
         "    type filter hook forward priority filter; policy drop;\n"
         "    ct state established,related accept\n"
         "    meta nfproto ipv4 " +
         allowed +
         "accept\n"
         "  }\n"
         // The next router is on the network that the packets come from, of which the kernel would tell the
         // hub.
         "  chain output {\n"
         "    type filter hook output priority filter; policy accept;\n"
         "    icmp type redirect drop\n"
         "  }\n"
         "  chain out {\n"
         "    type nat hook postrouting priority srcnat; policy accept;\n"
         "    masquerade\n"
         "  }\n"
         "}\n";
}

// A router in a container: the least that an exit can be. One that leads into a tunnel masquerades into that.
class Gateway final : public Plugin {
 public:
  using Plugin::Plugin;

  Result<Contributions> plan(const Config& config) const override {
    Container router{.name = "router", .image = "router"};
    // A shell that ends when it is told to: the first process of a container ignores what it has no answer
    // for.
    router.command = {
        "/bin/sh", "-c",
        std::string("trap 'exit 0' TERM; nft -f ") + kRules + " || exit 1; sleep infinity & wait"};
    router.files = {{.path = kRules, .content = rules(config.options().boolean("only_web", false))}};
    router.user = "root";
    router.capabilities = {"NET_ADMIN"};
    router.sysctls = {{"net.ipv4.ip_forward", "1"}};
    router.memory_mb = 32;
    router.health = Health{.command = {"nft", "list", "chain", "inet", "gateway", "out"}, .interval_s = 5};

    Contributions contributions;
    contributions.containers = {router};
    contributions.exits = {{.id = "out", .name = {{"en", "Gateway"}}, .container = "router"}};
    return contributions;
  }
};

}  // namespace

CELL_PLUGIN(Gateway);
