#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

// What a WireGuard interface should be, what it is, and the difference. Pure values.
namespace cell::wireguard {

struct PeerConfig {
  std::string public_key;                // base64
  std::string preshared_key;             // base64 or empty
  std::vector<std::string> allowed_ips;  // with prefix, sorted
  bool operator==(const PeerConfig&) const = default;
};

struct DeviceConfig {
  std::string private_key;  // base64; empty in what was read: none set
  std::uint16_t listen_port = 0;
  std::vector<PeerConfig> peers;
};

struct PeerActual {
  PeerConfig config;
  std::string endpoint;             // "192.0.2.7:40000", "[2001:db8::7]:40000" or empty
  std::int64_t last_handshake = 0;  // Unix seconds, 0: never
  std::uint64_t rx_bytes = 0;
  std::uint64_t tx_bytes = 0;
};

struct DeviceActual {
  std::string private_key;
  std::uint16_t listen_port = 0;
  std::vector<PeerActual> peers;
};

// Removals are made before additions, so that an address can move from one peer to another in one change.
struct DeviceChange {
  std::optional<std::string> private_key;
  std::optional<std::uint16_t> listen_port;
  std::vector<std::string> remove;  // public keys
  std::vector<PeerConfig> upsert;   // replace the peer's preshared key and allowed addresses; sessions go on
  [[nodiscard]] bool is_empty() const {
    return !private_key && !listen_port && remove.empty() && upsert.empty();
  }
};

// The least change that makes `actual` into `desired`; peers that are equal are not touched, so they keep
// their sessions.
DeviceChange diff(const DeviceActual& actual, const DeviceConfig& desired);

// What `actual` is once `change` is made.
DeviceConfig changed(const DeviceActual& actual, const DeviceChange& change);

// "10.13.13.2" → "10.13.13.2/32", "fd00::2" → "fd00::2/128".
std::string host_prefix(const std::string& address);

}  // namespace cell::wireguard
