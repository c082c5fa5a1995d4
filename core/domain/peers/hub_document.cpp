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
  const Json& section = json_member(root, "peers");
  document.peers.reserve(section.size());
  for (const auto& [id, entry] : section.items()) {
    Peer peer = peer_of(id, entry);
    if (!peer.enabled || peer.is_expired(now)) continue;
    auto shared = CELL_TRY_DOING(preshared_key(peer, secrets), "a device's preshared key");
    if (!shared) continue;
    document.peers.push_back(
        {std::move(peer.public_key), std::move(*shared), std::move(peer.addresses), peer.policy});
  }
  return document;
}

}  // namespace cell::peers
