#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace cell::peers {

inline constexpr std::size_t kMaxClientRanges = 64;

// What all devices are told about the tunnel; configurations that were given out keep what they have.
struct TunnelChange {
  std::optional<std::string> endpoint_host{};
  std::optional<std::int64_t> mtu{};                   // 1280–9000
  std::optional<std::int64_t> persistent_keepalive{};  // seconds, 0: none
  std::optional<std::vector<std::string>> client_allowed_ips{};
};

// Field errors point to the members of the same names.
Result<void> check(const TunnelChange& change);
void apply(const TunnelChange& change, Json& root);

}  // namespace cell::peers
