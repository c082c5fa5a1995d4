#include "hub/document.hpp"

#include <algorithm>
#include <unordered_set>

#include "hub/members.hpp"

namespace cell::hub {
namespace {

constexpr std::size_t kMaxPeers = 65'536;  // a /16 of IPv4 addresses
constexpr std::size_t kMaxAddresses = 8;
constexpr std::size_t kMaxForwards = 256;
constexpr std::size_t kMaxExits = 64;
constexpr std::uint16_t kMaxExitNumber = 4095;  // twelve bits of a packet's mark
constexpr std::size_t kMaxSubnets = 64;
constexpr std::size_t kMaxText = 64;  // the longest address with prefix is 49 bytes

Json to_json(const Policy& policy) {
  return {{"internet", policy.internet},
          {"lan", policy.lan},
          {"peers", policy.peers},
          {"services", policy.services}};
}

Json to_json(const Forward& forward) {
  return {{"port", forward.port},
          {"protocol", forward.protocol},
          {"target_ipv4", forward.target_ipv4},
          {"target_ipv6", forward.target_ipv6},
          {"target_port", forward.target_port},
          {"always", forward.always}};
}

Json to_json(const Exit& exit) { return {{"number", exit.number}, {"ipv4", exit.ipv4}, {"ipv6", exit.ipv6}}; }

Result<Policy> policy_from_json(const Json& json, const std::string& at) {
  Members members(json, at, {"internet", "lan", "peers", "services"});
  const Policy policy{members.flag("internet"), members.flag("lan"), members.flag("peers"),
                      members.flag("services")};
  CELL_TRY(members.result());
  return policy;
}

void check_key(Members& members, std::string_view name, const std::string& key) {
  if (!is_key(key))
    members.fail(name, "is not a WireGuard key", "a key is 32 bytes in base64, 44 characters");
}

Result<Peer> read_peer(const Json& json, const std::string& at) {
  Members members(json, at, {"public_key", "preshared_key", "addresses", "policy", "exit"});
  Peer peer;
  peer.public_key = members.text("public_key", kMaxText);
  check_key(members, "public_key", peer.public_key);
  peer.preshared_key = members.text_or_empty("preshared_key", kMaxText);
  if (!peer.preshared_key.empty()) check_key(members, "preshared_key", peer.preshared_key);
  peer.addresses = members.texts("addresses", kMaxAddresses, kMaxText);
  if (peer.addresses.empty()) members.fail("addresses", "a peer needs at least one address");
  for (const auto& address : peer.addresses) {
    if (!is_address(address))
      members.fail("addresses", "'" + address + "' is not an address in its shortest form");
  }
  peer.exit = static_cast<std::uint16_t>(members.number_or_zero("exit", kMaxExitNumber));
  const auto& policy = members.object("policy");
  CELL_TRY(members.result());
  peer.policy = CELL_TRY(policy_from_json(policy, members.pointer("policy")));
  return peer;
}

Result<Forward> read_forward(const Json& json, const std::string& at) {
  Members members(json, at, {"port", "protocol", "target_ipv4", "target_ipv6", "target_port", "always"});
  Forward forward;
  forward.port = static_cast<std::uint16_t>(members.number("port", 1, 65535));
  forward.protocol = members.text("protocol", 8);
  if (forward.protocol != "tcp" && forward.protocol != "udp")
    members.fail("protocol", "must be 'tcp' or 'udp'");
  forward.target_ipv4 = members.text("target_ipv4", kMaxText);
  if (!is_ipv4(forward.target_ipv4)) members.fail("target_ipv4", "is not an IPv4 address");
  forward.target_ipv6 = members.text_or_empty("target_ipv6", kMaxText);
  if (!forward.target_ipv6.empty() && !is_ipv6(forward.target_ipv6)) {
    members.fail("target_ipv6", "is not an IPv6 address in its shortest form");
  }
  forward.target_port = static_cast<std::uint16_t>(members.number("target_port", 1, 65535));
  forward.always = members.flag("always");
  CELL_TRY(members.result());
  return forward;
}

Result<Exit> read_exit(const Json& json, const std::string& at) {
  Members members(json, at, {"number", "ipv4", "ipv6"});
  Exit exit;
  exit.number = static_cast<std::uint16_t>(members.number("number", 1, kMaxExitNumber));
  exit.ipv4 = members.text("ipv4", kMaxText);
  if (!is_ipv4(exit.ipv4)) members.fail("ipv4", "is not an IPv4 address");
  exit.ipv6 = members.text_or_empty("ipv6", kMaxText);
  if (!exit.ipv6.empty() && !is_ipv6(exit.ipv6))
    members.fail("ipv6", "is not an IPv6 address in its shortest form");
  CELL_TRY(members.result());
  return exit;
}

void read_addresses(Members& members, Document& document) {
  document.ipv4_address = members.text("ipv4_address", kMaxText);
  document.ipv4_pool = members.text("ipv4_pool", kMaxText);
  document.ipv6_address = members.text_or_empty("ipv6_address", kMaxText);
  document.ipv6_pool = members.text_or_empty("ipv6_pool", kMaxText);
  if (!is_ipv4(document.ipv4_address)) members.fail("ipv4_address", "is not an IPv4 address");
  if (!is_subnet(document.ipv4_pool)) members.fail("ipv4_pool", "is not a subnet");
  if (document.ipv6_address.empty() != document.ipv6_pool.empty()) {
    members.fail("ipv6_address", "address and pool of IPv6 go together");
  }
  if (!document.ipv6_address.empty() && !is_ipv6(document.ipv6_address)) {
    members.fail("ipv6_address", "is not an IPv6 address in its shortest form");
  }
  if (!document.ipv6_pool.empty() && !is_subnet(document.ipv6_pool))
    members.fail("ipv6_pool", "is not a subnet");
  document.cell_subnets = members.texts("cell_subnets", kMaxSubnets, kMaxText);
  for (const auto& subnet : document.cell_subnets) {
    if (!is_subnet(subnet)) members.fail("cell_subnets", "'" + subnet + "' is not a subnet");
  }
}

// A key or an address that two peers claim would belong to whichever was written last.
Result<void> check_unique(const Document& document) {
  std::unordered_set<std::string_view> keys;
  std::unordered_set<std::string_view> addresses{document.ipv4_address};
  if (!document.ipv6_address.empty()) addresses.insert(document.ipv6_address);
  for (std::size_t index = 0; index < document.peers.size(); ++index) {
    const auto& peer = document.peers[index];
    const auto at = "/peers/" + std::to_string(index);
    if (!keys.insert(peer.public_key).second)
      return field_error(at + "/public_key", "another peer has the same key");
    for (const auto& address : peer.addresses) {
      if (!addresses.insert(address).second) {
        return field_error(at + "/addresses", "address '" + address + "' is already used");
      }
    }
  }
  return {};
}

Result<void> check_exits(const Document& document) {
  std::unordered_set<unsigned> numbers;
  for (std::size_t index = 0; index < document.exits.size(); ++index) {
    if (!numbers.insert(document.exits[index].number).second)
      return field_error("/exits/" + std::to_string(index) + "/number", "another exit has the same number");
  }
  for (std::size_t index = 0; index < document.peers.size(); ++index) {
    CELL_TRY(check_exit(document.peers[index], document.exits, "/peers/" + std::to_string(index) + "/exit"));
  }
  return {};
}

}  // namespace

Result<void> check_exit(const Peer& peer, const std::vector<Exit>& exits, const std::string& pointer) {
  const auto is_it = [&](const Exit& exit) { return exit.number == peer.exit; };
  if (peer.exit == 0 || std::any_of(exits.begin(), exits.end(), is_it)) return {};
  return field_error(pointer, "there is no exit " + std::to_string(peer.exit));
}

Json to_json(const Peer& peer) {
  Json json{{"public_key", peer.public_key},
            {"preshared_key", peer.preshared_key},
            {"addresses", peer.addresses},
            {"policy", to_json(peer.policy)}};
  if (peer.exit != 0) json["exit"] = peer.exit;
  return json;
}

Json to_json(const Document& document) {
  Json json{{"private_key", document.private_key},
            {"listen_port", document.listen_port},
            {"mtu", document.mtu},
            {"ipv4_address", document.ipv4_address},
            {"ipv4_pool", document.ipv4_pool},
            {"ipv6_address", document.ipv6_address},
            {"ipv6_pool", document.ipv6_pool},
            {"cell_subnets", document.cell_subnets},
            {"forwards", Json::array()},
            {"peers", Json::array()}};
  for (const auto& forward : document.forwards) json["forwards"].push_back(to_json(forward));
  for (const auto& exit : document.exits) json["exits"].push_back(to_json(exit));
  auto& peers = json["peers"];
  for (const auto& peer : document.peers) peers.push_back(to_json(peer));
  return json;
}

Result<Peer> peer_from_json(const Json& json) { return read_peer(json, ""); }

Result<Document> document_from_json(const Json& json) {
  Members members(json, "",
                  {"private_key", "listen_port", "mtu", "ipv4_address", "ipv4_pool", "ipv6_address",
                   "ipv6_pool", "cell_subnets", "forwards", "exits", "peers"});
  Document document;
  document.private_key = members.text("private_key", kMaxText);
  check_key(members, "private_key", document.private_key);
  document.listen_port = static_cast<std::uint16_t>(members.number("listen_port", 1, 65535));
  document.mtu = static_cast<std::uint16_t>(members.number("mtu", 1280, 65535));
  read_addresses(members, document);
  const auto& forwards = members.array("forwards", kMaxForwards);
  const auto& exits = members.array_or_empty("exits", kMaxExits);
  const auto& peers = members.array("peers", kMaxPeers);
  CELL_TRY(members.result());
  for (std::size_t index = 0; index < forwards.size(); ++index) {
    document.forwards.push_back(
        CELL_TRY(read_forward(forwards[index], "/forwards/" + std::to_string(index))));
  }
  for (std::size_t index = 0; index < exits.size(); ++index) {
    document.exits.push_back(CELL_TRY(read_exit(exits[index], "/exits/" + std::to_string(index))));
  }
  document.peers.reserve(peers.size());
  for (std::size_t index = 0; index < peers.size(); ++index) {
    document.peers.push_back(CELL_TRY(read_peer(peers[index], "/peers/" + std::to_string(index))));
  }
  CELL_TRY(check_unique(document));
  CELL_TRY(check_exits(document));
  return document;
}

}  // namespace cell::hub
