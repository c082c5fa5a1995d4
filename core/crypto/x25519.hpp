#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::crypto {

// A WireGuard key pair (RFC 7748 X25519): both keys as 44 characters of base64.
struct WireGuardKeys {
  Secret private_key;
  std::string public_key;
};
Result<WireGuardKeys> generate_wireguard_keys();
Result<std::string> wireguard_public_key(const Secret& private_key);
Secret generate_preshared_key();
// 44 characters of base64 that decode to 32 bytes, not all zero.
Result<void> check_wireguard_key(std::string_view key);

}  // namespace cell::crypto
