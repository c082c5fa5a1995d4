#include "wireguard/device.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace cell::wireguard {

DeviceChange diff(const DeviceActual& actual, const DeviceConfig& desired) {
  DeviceChange change;
  if (actual.private_key != desired.private_key) change.private_key = desired.private_key;
  if (actual.listen_port != desired.listen_port) change.listen_port = desired.listen_port;
  std::unordered_map<std::string_view, const PeerConfig*> present;
  present.reserve(actual.peers.size());
  for (const auto& peer : actual.peers) present.emplace(peer.config.public_key, &peer.config);
  std::unordered_set<std::string_view> wanted;
  wanted.reserve(desired.peers.size());
  for (const auto& peer : desired.peers) {
    wanted.insert(peer.public_key);
    const auto found = present.find(peer.public_key);
    if (found == present.end() || *found->second != peer) change.upsert.push_back(peer);
  }
  for (const auto& peer : actual.peers) {
    if (!wanted.contains(peer.config.public_key)) change.remove.push_back(peer.config.public_key);
  }
  return change;
}

DeviceConfig changed(const DeviceActual& actual, const DeviceChange& change) {
  DeviceConfig device{change.private_key.value_or(actual.private_key),
                      change.listen_port.value_or(actual.listen_port), change.upsert};
  std::unordered_set<std::string_view> touched(change.remove.begin(), change.remove.end());
  for (const auto& peer : change.upsert) touched.insert(peer.public_key);
  for (const auto& peer : actual.peers) {
    if (!touched.contains(peer.config.public_key)) device.peers.push_back(peer.config);
  }
  return device;
}

std::string host_prefix(const std::string& address) {
  return address + (address.find(':') == std::string::npos ? "/32" : "/128");
}

}  // namespace cell::wireguard
