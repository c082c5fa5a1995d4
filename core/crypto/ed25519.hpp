#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::crypto {

// Ed25519 keys (RFC 8032) as base64 of 32 bytes each.
struct SigningKeys {
  Secret private_key;
  std::string public_key;
};
Result<SigningKeys> generate_signing_keys();
Result<std::string> signing_public_key(const Secret& private_key);

// 64 bytes.
Result<std::string> sign(const Secret& private_key, std::string_view message);
// forbidden with reason "signature" when it is not that key's signature of that message.
Result<void> verify(std::string_view public_key, std::string_view message, std::string_view signature);

// The first 16 hex digits of the public key's SHA-256: names a key, proves nothing.
Result<std::string> key_id(std::string_view public_key);

}  // namespace cell::crypto
