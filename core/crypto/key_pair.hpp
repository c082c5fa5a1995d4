#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::crypto {

// A fresh pair of keys to sign with.
struct KeyPair {
  Secret private_pem;      // PKCS#8
  std::string public_der;  // SubjectPublicKeyInfo
};
// `kind`: "rsa-2048" or "ed25519"; unsupported for another.
Result<KeyPair> make_key_pair(std::string_view kind);

}  // namespace cell::crypto
