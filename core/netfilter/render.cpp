#include "netfilter/render.hpp"

#include <array>
#include <set>

#include "netfilter/policy_chain.hpp"
#include "netfilter/policy_route.hpp"

namespace cell::netfilter {
namespace {

constexpr unsigned kPolicyCount = 16;
constexpr std::array kFamilies{Family::ipv4, Family::ipv6};

// nftables takes one add element of any length, but its parser's memory grows with it.
constexpr std::size_t kElementsPerCommand = 5'000;

Access access_of(unsigned index) {
  return {(index & 1U) != 0, (index & 2U) != 0, (index & 4U) != 0, (index & 8U) != 0};
}

const Network& network_of(const Frame& frame, Family family) {
  return family == Family::ipv4 ? frame.ipv4 : frame.ipv6;
}

std::string skeleton(Family family) {
  const auto table = table_of(family);
  const std::string type = family == Family::ipv4 ? "ipv4_addr" : "ipv6_addr";
  const auto chain = "add chain " + table + " ";
  return "add table " + table + "\n" + chain +
         "input { type filter hook input priority filter; policy drop; }\n" + chain +
         "forward { type filter hook forward priority filter; policy drop; }\n" + chain +
         "ways { type filter hook prerouting priority mangle; policy accept; }\n" + chain +
         "prerouting { type nat hook prerouting priority dstnat; policy accept; }\n" + chain +
         "postrouting { type nat hook postrouting priority srcnat; policy accept; }\n" + "add map " + table +
         " peers { type " + type + " : mark; }\n" + "add map " + table + " exits { type " + type +
         " : mark; }\n" + "add map " + table + " policies { type mark : verdict; size 16; }\n" + "add map " +
         table + " replies { type mark : verdict; size 16; }\n" + "add set " + table + " reach { type " +
         type + "; }\n" + "add set " + table + " always { type " + type +
         " . inet_proto . inet_service; }\n" + "add set " + table + " services { type " + type +
         " . inet_proto . inet_service; }\n" + "add set " + table + " ways { type mark . " + type + "; }\n";
}

std::string flush(Family family) {
  const auto table = table_of(family);
  std::string text;
  for (const auto* chain : {"input", "forward", "ways", "prerouting", "postrouting"}) {
    text += "flush chain " + table + " " + chain + "\n";
  }
  for (const auto* map : {"peers", "exits", "policies", "replies"})
    text += "flush map " + table + " " + map + "\n";
  for (const auto* set : {"reach", "always", "services", "ways"})
    text += "flush set " + table + " " + set + "\n";
  return text;
}

// Collects the elements of one map or set into as few commands as the limit allows.
class Elements {
 public:
  Elements(const char* verb, Family family, const char* name)
      : head_(std::string(verb) + " element " + table_of(family) + " " + name + " { ") {}

  void add(const std::string& element) {
    text_ += count_++ % kElementsPerCommand == 0 ? (count_ == 1 ? "" : " }\n") + head_ : ", ";
    text_ += element;
  }
  [[nodiscard]] std::string text() const { return count_ == 0 ? std::string{} : text_ + " }\n"; }

 private:
  std::string head_;
  std::string text_;
  std::size_t count_ = 0;
};

std::string mark_element(const std::string& address, const Access& access) {
  return address + " : " + policy_mark_text(access);
}

std::string exit_element(const std::string& address, const Access& access) {
  return address + " : " + exit_mark_text(access.exit);
}

std::string policies_text(const Frame& frame, PolicyMask policies, Family family) {
  std::string text;
  Elements jumps("add", family, "policies");
  Elements jumps_back("add", family, "replies");
  for (unsigned index = 0; index < kPolicyCount; ++index) {
    if ((policies >> index & 1U) == 0) continue;
    const auto access = access_of(index);
    text += render_policy(frame, access, family);
    jumps.add(policy_mark_text(access) + " : jump " + policy_chain_name(access));
    jumps_back.add(policy_mark_text(access) + " : jump " + answers_chain_name(access));
  }
  return text + jumps.text() + jumps_back.text();
}

const std::string& address_of(const Exit& exit, Family family) {
  return family == Family::ipv4 ? exit.ipv4 : exit.ipv6;
}

// Marks what leaves through an exit: packets to the internet, and nothing that stays in the cell, the tunnel
// or the house.
std::string way_rules(const Frame& frame, Family family) {
  const auto& network = network_of(frame, family);
  if (frame.exits.empty() || network.hub.empty()) return {};
  const auto ip = protocol_of(family);
  std::string here = network.pool;
  for (const auto& subnet : network.cell_subnets) here += ", " + subnet;
  std::string text = "add rule " + table_of(family) + " ways iifname \"" + frame.interface + "\" " + ip +
                     " daddr != { " + here + ", " + lan_ranges(family) + " } meta mark set " + ip +
                     " saddr map @exits\n";
  Elements ways("add", family, "ways");
  for (const auto& exit : frame.exits) {
    const auto& address = address_of(exit, family);
    if (!address.empty()) ways.add(exit_mark_text(exit.number) + " . " + address);
  }
  return text + ways.text();
}

// A packet with an exit's mark that routing sends anywhere but to that exit: the rule or the route is gone,
// or the exit carries none of this family.
std::string way_check(const Frame& frame, Family family) {
  if (frame.exits.empty()) return {};
  return "add rule " + table_of(family) + " forward iifname \"" + frame.interface +
         "\" meta mark != 0 meta mark . rt " + protocol_of(family) + " nexthop != @ways drop\n";
}

std::string base_rules(const Frame& frame, Family family) {
  const auto ip = protocol_of(family);
  const auto interface = "\"" + frame.interface + "\"";
  const auto input = "add rule " + table_of(family) + " input ";
  const auto forward = "add rule " + table_of(family) + " forward ";
  return input + "iifname \"lo\" accept\n" + input + "ct state established,related accept\n" + input +
         "meta l4proto " + (family == Family::ipv4 ? "icmp" : "ipv6-icmp") + " accept\n" + input +
         "iifname != " + interface + " udp dport " + std::to_string(frame.listen_port) + " accept\n" +
         forward + "ct state invalid drop\n" + forward + "tcp flags syn tcp option maxseg size set rt mtu\n" +
         way_check(frame, family) + forward + "iifname " + interface + " meta mark set " + ip +
         " saddr map @peers meta mark vmap @policies\n" + forward + "iifname " + interface + " drop\n" +
         forward + "oifname " + interface + " ct state related accept\n" + forward + "oifname " + interface +
         " ct state established meta mark set " + ip + " daddr map @peers meta mark vmap @replies\n";
}

std::string target_of(const Forward& forward, Family family) {
  return family == Family::ipv4 ? forward.target_ipv4 : forward.target_ipv6;
}

std::string nat_rules(const Frame& frame, Family family) {
  const auto& network = network_of(frame, family);
  if (network.hub.empty()) return {};
  const auto ip = protocol_of(family);
  const auto interface = "\"" + frame.interface + "\"";
  std::string text;
  for (const auto& forward : frame.forwards) {
    const auto target = target_of(forward, family);
    if (target.empty()) continue;
    text += "add rule " + table_of(family) + " prerouting iifname " + interface + " " + ip + " daddr " +
            network.hub + " " + (forward.is_tcp ? "tcp" : "udp") + " dport " + std::to_string(forward.port) +
            " dnat to " + (family == Family::ipv4 ? target : "[" + target + "]") + ":" +
            std::to_string(forward.target_port) + "\n";
  }
  return text + "add rule " + table_of(family) + " postrouting oifname != " + interface + " " + ip +
         " saddr " + network.pool + " masquerade\n";
}

std::string set_elements(const char* name, const std::set<std::string>& keys, Family family) {
  Elements elements("add", family, name);
  for (const auto& key : keys) elements.add(key);
  return elements.text();
}

// What those reach who have no right to services, and those who have. Two ports may lead to one target.
std::string forward_elements(const Frame& frame, Family family) {
  std::set<std::string> always;
  std::set<std::string> services;
  for (const auto& forward : frame.forwards) {
    const auto target = target_of(forward, family);
    if (target.empty()) continue;
    const auto key =
        target + " . " + (forward.is_tcp ? "tcp" : "udp") + " . " + std::to_string(forward.target_port);
    if (forward.always) always.insert(key);
    services.insert(key);
  }
  return set_elements("always", always, family) + set_elements("services", services, family);
}

std::string member_elements(const std::vector<Member>& members, Family family) {
  Elements marks("add", family, "peers");
  Elements reach("add", family, "reach");
  Elements exits("add", family, "exits");
  for (const auto& member : members) {
    if (member.family != family) continue;
    marks.add(mark_element(member.address, member.access));
    if (member.access.peers) reach.add(member.address);
    if (member.access.exit != 0) exits.add(exit_element(member.address, member.access));
  }
  return marks.text() + reach.text() + exits.text();
}

std::string change_elements(const std::vector<MemberChange>& changes, Family family) {
  Elements delete_marks("delete", family, "peers");
  Elements add_marks("add", family, "peers");
  Elements delete_reach("delete", family, "reach");
  Elements add_reach("add", family, "reach");
  Elements delete_exits("delete", family, "exits");
  Elements add_exits("add", family, "exits");
  for (const auto& change : changes) {
    if (change.family != family || change.before == change.after) continue;
    if (change.before) delete_marks.add(change.address);
    if (change.after) add_marks.add(mark_element(change.address, *change.after));
    if (change.ends_reach()) delete_reach.add(change.address);
    if (change.begins_reach()) add_reach.add(change.address);
    if (change.leaves_exit()) delete_exits.add(change.address);
    if (change.takes_exit()) add_exits.add(exit_element(change.address, *change.after));
  }
  return delete_marks.text() + add_marks.text() + delete_reach.text() + add_reach.text() +
         delete_exits.text() + add_exits.text();
}

}  // namespace

PolicyMask policies_of(const std::vector<Member>& members) {
  PolicyMask mask = 0;
  for (const auto& member : members) mask |= 1U << member.access.index();
  return mask;
}

PolicyMask policies_of(const std::vector<MemberChange>& changes) {
  PolicyMask mask = 0;
  for (const auto& change : changes) {
    if (change.after) mask |= 1U << change.after->index();
  }
  return mask;
}

std::string render_skeleton() { return skeleton(Family::ipv4) + skeleton(Family::ipv6); }

std::string render_full(const Ruleset& ruleset) {
  const auto& frame = ruleset.frame;
  std::string text;
  for (const auto family : kFamilies) {
    text += skeleton(family) + flush(family) + render_shared_chains(family);
    text += policies_text(frame, policies_of(ruleset.members), family);
    text += base_rules(frame, family) + way_rules(frame, family) + nat_rules(frame, family);
    text += forward_elements(frame, family) + member_elements(ruleset.members, family);
  }
  return text;
}

std::string render_change(const Frame& frame, const std::vector<MemberChange>& changes, PolicyMask existing) {
  std::string elements;
  std::string chains;
  for (const auto family : kFamilies) {
    elements += change_elements(changes, family);
    chains += policies_text(frame, policies_of(changes) & ~existing, family);
  }
  return elements.empty() ? std::string{} : chains + elements;
}

}  // namespace cell::netfilter
