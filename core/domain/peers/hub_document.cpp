#include "domain/peers/hub_document.hpp"

#include "domain/peers/checks.hpp"
#include "domain/settings/document.hpp"

namespace cell::peers {

namespace {

// Nothing where the device needs a new key; see Peers::needs_new_key().
Result<std::optional<std::string>> preshared_key(const Peer& peer, const SecretLookup& secrets) {
  auto key = secrets(preshared_key_name(peer));
  if (key) return std::optional(std::string(key->reveal()));
  if (key.error().code == Code::not_found) return std::optional<std::string>{};
  return std::move(key).error();
}

hub::Peer hub_peer(Peer peer, std::string preshared_key, const std::map<std::string, hub::Exit>& exits) {
  hub::Peer out{std::move(peer.public_key), std::move(preshared_key), std::move(peer.addresses), peer.policy};
  if (peer.exit.empty()) return out;
  const auto exit = exits.find(peer.exit);
  if (exit == exits.end()) out.policy.internet = false;
  if (exit != exits.end()) out.exit = exit->second.number;
  return out;
}

}  // namespace

Result<hub::Document> hub_document(const Json& root, const SecretLookup& secrets, const HubFrame& frame,
                                   TimePoint now) {
  const settings::Tunnel tunnel = settings::tunnel_of(root);
  const HubAddresses own = CELL_TRY(hub_addresses(root));
  hub::Document document;
  document.private_key = std::string(CELL_TRY_DOING(secrets(kHubKeyName), "the hub's key").reveal());
  document.listen_port = frame.listen_port;
  document.mtu = tunnel.mtu;
  document.ipv4_address = own.ipv4;
  document.ipv4_pool = tunnel.ipv4_pool;
  document.ipv6_address = own.ipv6;
  document.ipv6_pool = tunnel.ipv6_pool;
  document.cell_subnets = frame.cell_subnets;
  document.forwards = frame.forwards;
  for (const auto& [name, exit] : frame.exits) document.exits.push_back(exit);
  const Json& section = json_member(root, "peers");
  document.peers.reserve(section.size());
  for (const auto& [id, entry] : section.items()) {
    Peer peer = peer_of(id, entry);
    if (!peer.enabled || peer.is_expired(now)) continue;
    auto shared = CELL_TRY_DOING(preshared_key(peer, secrets), "a device's preshared key");
    if (!shared) continue;
    document.peers.push_back(hub_peer(std::move(peer), std::move(*shared), frame.exits));
  }
  return document;
}

}  // namespace cell::peers
