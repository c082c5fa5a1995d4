#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

// Signatures of packages (SHA256SUMS.sig) and of store indexes (index.json.sig): one line of JSON,
// {"key_id": "…", "signature": "…"}, the Ed25519 signature in base64 over the bytes of the file beside it.
namespace cell::plugin {

struct Signature {
  std::string key_id;  // 16 hex digits, see crypto::key_id
  std::string bytes;   // 64
};

Result<Signature> parse_signature(std::string_view text);
Result<std::string> make_signature(std::string_view signed_bytes, const Secret& private_key);

// The public key of `key_id` if it may sign for `package_id`; forbidden or not_found, with a reason for the
// owner, else.
using FindKey = std::function<Result<std::string>(const std::string& key_id, const std::string& package_id)>;

// forbidden with reason "signature" when it does not hold.
Result<void> check_signature(std::string_view signed_bytes, const Signature& signature,
                             std::string_view public_key);

}  // namespace cell::plugin
