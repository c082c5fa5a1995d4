#include "hub/document.hpp"

#include <unordered_set>

#include "hub/members.hpp"

namespace cell::hub {
namespace {

constexpr std::size_t kMaxPeers = 65'536;  // a /16 of IPv4 addresses
constexpr std::size_t kMaxAddresses = 8;
constexpr std::size_t kMaxForwards = 256;
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
  Members members(json, at, {"public_key", "preshared_key", "addresses", "policy"});
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

}  // namespace

Json to_json(const Peer& peer) {
  return {{"public_key", peer.public_key},
          {"preshared_key", peer.preshared_key},
          {"addresses", peer.addresses},
          {"policy", to_json(peer.policy)}};
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
  auto& peers = json["peers"];
  for (const auto& peer : document.peers) peers.push_back(to_json(peer));
  return json;
}

Result<Peer> peer_from_json(const Json& json) { return read_peer(json, ""); }

Result<Document> document_from_json(const Json& json) {
  Members members(json, "",
                  {"private_key", "listen_port", "mtu", "ipv4_address", "ipv4_pool", "ipv6_address",
                   "ipv6_pool", "cell_subnets", "forwards", "peers"});
  Document document;
  document.private_key = members.text("private_key", kMaxText);
  check_key(members, "private_key", document.private_key);
  document.listen_port = static_cast<std::uint16_t>(members.number("listen_port", 1, 65535));
  document.mtu = static_cast<std::uint16_t>(members.number("mtu", 1280, 65535));
  read_addresses(members, document);
  const auto& forwards = members.array("forwards", kMaxForwards);
  const auto& peers = members.array("peers", kMaxPeers);
  CELL_TRY(members.result());
  for (std::size_t index = 0; index < forwards.size(); ++index) {
    document.forwards.push_back(
        CELL_TRY(read_forward(forwards[index], "/forwards/" + std::to_string(index))));
  }
  document.peers.reserve(peers.size());
  for (std::size_t index = 0; index < peers.size(); ++index) {
    document.peers.push_back(CELL_TRY(read_peer(peers[index], "/peers/" + std::to_string(index))));
  }
  CELL_TRY(check_unique(document));
  return document;
}

}  // namespace cell::hub
