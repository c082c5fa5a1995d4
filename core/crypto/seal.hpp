#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::crypto {

// AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce: nonce ‖ ciphertext ‖ tag. `key` has 32 bytes.
Result<std::string> seal(const Secret& key, std::string_view plain, std::string_view associated);
// invalid_argument when the key, the text or the associated data is not the one it was sealed with.
Result<std::string> open(const Secret& key, std::string_view sealed, std::string_view associated);

}  // namespace cell::crypto
