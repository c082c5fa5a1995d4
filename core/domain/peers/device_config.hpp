#pragma once

#include <string>

#include "base/json.hpp"
#include "base/secret.hpp"
#include "domain/peers/peer.hpp"

namespace cell::peers {

// Stands for the private key that only the device knows.
inline constexpr const char* kKeyPlaceholder = "<PRIVATE_KEY>";

struct DeviceSecrets {
  Secret private_key{kKeyPlaceholder};
  Secret preshared_key;  // empty: none
  std::string hub_key;   // the hub's public key
};

// The device's side of the tunnel as wg-quick(8) reads it: names are looked up at the hub, with the cell's
// domain as search domain; traffic to `network.client_allowed_ips` goes into the tunnel. Pure.
Result<Secret> device_config(const Json& root, const Peer& peer, const DeviceSecrets& secrets,
                             std::uint16_t listen_port);

}  // namespace cell::peers
