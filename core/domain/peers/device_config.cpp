#include "domain/peers/device_config.hpp"

#include "domain/peers/checks.hpp"
#include "domain/settings/document.hpp"
#include "wireguard/client_config.hpp"
#include "wireguard/device.hpp"

namespace cell::peers {

Result<Secret> device_config(const Json& root, const Peer& peer, const DeviceSecrets& secrets,
                             std::uint16_t listen_port) {
  const settings::Tunnel tunnel = settings::tunnel_of(root);
  const settings::Identity identity = settings::identity_of(root);
  wireguard::ClientConfig config;
  config.name = peer.name;
  config.private_key = std::string(secrets.private_key.reveal());
  for (const std::string& address : peer.addresses)
    config.addresses.push_back(wireguard::host_prefix(address));
  config.dns = CELL_TRY(hub_addresses(root)).list();
  if (!identity.domain_name.empty()) config.dns.push_back(identity.domain_name);
  config.mtu = tunnel.mtu;
  config.server_public_key = secrets.hub_key;
  config.preshared_key = std::string(secrets.preshared_key.reveal());
  config.endpoint_host = identity.endpoint_host;
  config.endpoint_port = listen_port;
  config.allowed_ips = tunnel.client_allowed_ips;
  config.persistent_keepalive = tunnel.persistent_keepalive;
  return Secret(wireguard::render(config));
}

}  // namespace cell::peers
