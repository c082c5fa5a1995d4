#include "netfilter/policy_chain.hpp"

namespace cell::netfilter {
namespace {

// RFC 1918, RFC 6598 (carrier-grade NAT), RFC 3927 (link-local).
constexpr std::string_view kLan4 = "10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16";
// RFC 4193 (unique local), RFC 4291 (link-local).
constexpr std::string_view kLan6 = "fc00::/7, fe80::/10";

const char* verdict(bool allowed) { return allowed ? "accept" : "drop"; }

std::string empty_chain(const std::string& table, const std::string& name) {
  return "add chain " + table + " " + name + "\nflush chain " + table + " " + name + "\n";
}

// One direction of one policy: rules on the place that the peer talks to.
struct Side {
  std::string chain;    // "p_9"
  std::string address;  // "ip daddr" or "ip saddr"
  std::string port;     // "th dport" or "th sport"
};

std::string chain_of_cell(const Side& side) { return side.chain + "_cell"; }

// Of the cell's own networks a peer gets what the hub forwards and nothing else. The machine is reached at
// its address in the LAN by those who get the LAN, not at the one that it has as a bridge.
std::string cell_rules(const Access& access, const std::string& table, const Side& side) {
  const auto rule = "add rule " + table + " " + chain_of_cell(side) + " ";
  return rule + side.address + " . meta l4proto . " + side.port +
         (access.services ? " @services" : " @always") + " accept\n" + rule + "drop\n";
}

std::string place_rules(const Network& network, const Access& access, Family family, const Side& side) {
  const auto table = table_of(family);
  const auto rule = "add rule " + table + " " + side.chain + " ";
  std::string text;
  for (const auto& subnet : network.cell_subnets)
    text += rule + side.address + " " + subnet + " goto " + chain_of_cell(side) + "\n";
  if (access.lan != access.internet)
    text += rule + side.address + " { " + lan_ranges(family) + " } " + verdict(access.lan) + "\n";
  return text + rule + verdict(access.internet) + "\n" + cell_rules(access, table, side);
}

}  // namespace

std::string lan_ranges(Family family) { return std::string(family == Family::ipv4 ? kLan4 : kLan6); }
std::string protocol_of(Family family) { return family == Family::ipv4 ? "ip" : "ip6"; }
std::string table_of(Family family) { return protocol_of(family) + " cell"; }
std::string policy_chain_name(const Access& access) { return "p_" + std::to_string(access.index()); }

// Not 0, the mark of a packet that nobody looked at.
std::uint32_t policy_mark(const Access& access) { return 0x100U | access.index(); }

std::string policy_mark_text(const Access& access) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return std::string("0x10") + kDigits[access.index()];
}

std::string answers_chain_name(const Access& access) { return "r_" + std::to_string(access.index()); }

std::string render_policy(const Frame& frame, const Access& access, Family family) {
  const auto table = table_of(family);
  const auto ip = protocol_of(family);
  const auto& network = family == Family::ipv4 ? frame.ipv4 : frame.ipv6;
  const Side there{policy_chain_name(access), ip + " daddr", "th dport"};
  const Side back{answers_chain_name(access), ip + " saddr", "th sport"};
  std::string text;
  for (const auto* side : {&there, &back})
    text += empty_chain(table, chain_of_cell(*side)) + empty_chain(table, side->chain);
  return text + "add rule " + table + " " + there.chain + " oifname \"" + frame.interface + "\" " +
         (access.peers ? "accept" : "goto answers") + "\n" + place_rules(network, access, family, there) +
         place_rules(network, access, family, back);
}

std::string render_shared_chains(Family family) {
  const auto table = table_of(family);
  const auto rule = "add rule " + table + " answers ";
  return empty_chain(table, "answers") + rule + "ct direction reply " + protocol_of(family) +
         " daddr @reach accept\n" + rule + "drop\n";
}

}  // namespace cell::netfilter
