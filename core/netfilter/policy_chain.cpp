#include "netfilter/policy_chain.hpp"

namespace cell::netfilter {
namespace {

// RFC 1918, RFC 6598 (carrier-grade NAT), RFC 3927 (link-local).
constexpr std::string_view kLan4 =
    "{ 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16 }";
// RFC 4193 (unique local), RFC 4291 (link-local).
constexpr std::string_view kLan6 = "{ fc00::/7, fe80::/10 }";

std::string lan_of(Family family) { return std::string(family == Family::ipv4 ? kLan4 : kLan6); }
const char* verdict(bool allowed) { return allowed ? "accept" : "drop"; }

std::string empty_chain(const std::string& table, const std::string& name) {
  return "add chain " + table + " " + name + "\nflush chain " + table + " " + name + "\n";
}

// One direction of one policy: rules on the address of the place that the peer talks to.
struct Side {
  std::string rule;     // "add rule ip cell p_9 "
  std::string address;  // "ip daddr " or "ip saddr "
  std::string always;   // the chain for what is always allowed
};

std::string place_rules(const Network& network, const Access& access, const std::string& lan,
                        const Side& side) {
  std::string text;
  const bool all_alike = access.services && access.lan && access.internet;
  if (!all_alike) {
    const auto cell_verdict = access.services ? std::string("accept") : "goto " + side.always;
    for (const auto& host : network.hosts)
      text += side.rule + side.address + host + " " + verdict(access.lan) + "\n";
    for (const auto& subnet : network.cell_subnets)
      text += side.rule + side.address + subnet + " " + cell_verdict + "\n";
  }
  if (access.lan != access.internet)
    text += side.rule + side.address + lan + " " + verdict(access.lan) + "\n";
  return text + side.rule + verdict(access.internet) + "\n";
}

}  // namespace

std::string protocol_of(Family family) { return family == Family::ipv4 ? "ip" : "ip6"; }
std::string table_of(Family family) { return protocol_of(family) + " cell"; }
std::string policy_chain_name(const Access& access) { return "p_" + std::to_string(access.index()); }

// Not 0, the mark of a packet that nobody looked at.
std::uint32_t policy_mark(const Access& access) { return 0x100U | access.index(); }

std::string policy_mark_text(const Access& access) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return std::string("0x10") + kDigits[access.index()];
}

std::string render_policy(const Frame& frame, const Access& access, Family family) {
  const auto table = table_of(family);
  const auto chain = policy_chain_name(access);
  const auto answers = "r_" + std::to_string(access.index());
  const auto quoted = "\"" + frame.interface + "\"";
  const auto rule = "add rule " + table + " " + chain + " ";
  const auto& network = family == Family::ipv4 ? frame.ipv4 : frame.ipv6;
  const auto lan = lan_of(family);
  auto text = empty_chain(table, chain) + empty_chain(table, answers);
  text += rule + "iifname != " + quoted + " goto " + answers + "\n";
  text += rule + "oifname " + quoted + " " + (access.peers ? "accept" : "goto answers") + "\n";
  text += place_rules(network, access, lan, {rule, protocol_of(family) + " daddr ", "always_to"});
  text += place_rules(
      network, access, lan,
      {"add rule " + table + " " + answers + " ", protocol_of(family) + " saddr ", "always_from"});
  return text;
}

std::string render_shared_chains(Family family) {
  const auto table = table_of(family);
  const auto ip = protocol_of(family);
  std::string text;
  const auto add = [&](const std::string& name, const std::string& exception) {
    text += empty_chain(table, name);
    for (const auto& rule : {exception, std::string("drop")})
      text += "add rule " + table + " " + name + " " + rule + "\n";
  };
  add("always_to", ip + " daddr . meta l4proto . th dport @always accept");
  add("always_from", ip + " saddr . meta l4proto . th sport @always accept");
  add("answers", "ct direction reply " + ip + " daddr @reach accept");
  return text;
}

}  // namespace cell::netfilter
