#include "crypto/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "crypto/openssl.hpp"

namespace cell::crypto {

namespace {

// Fetched once: EVP_sha256() makes OpenSSL 3 look its provider up again with every use, under a lock.
const EVP_MD* fetched_sha256() {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(digest != nullptr, "find SHA-256");
  return digest;
}

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view data) {
  std::string mac(static_cast<std::size_t>(EVP_MD_get_size(digest)), '\0');
  unsigned length = 0;
  // HMAC() takes a null key as "the one of before", so an empty key needs an address too.
  const char* address = key.empty() ? "" : key.data();
  require(::HMAC(digest, address, static_cast<int>(key.size()), bytes_of(data), data.size(), bytes_of(mac),
                 &length) != nullptr,
          "compute an HMAC");
  return mac;
}

}  // namespace

std::string sha256(std::string_view data) {
  std::string digest(32, '\0');
  unsigned length = 0;
  require(EVP_Digest(data.data(), data.size(), bytes_of(digest), &length, fetched_sha256(), nullptr) == 1,
          "compute SHA-256");
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view data) { return hmac(fetched_sha256(), key, data); }

std::string hmac_sha1(std::string_view key, std::string_view data) { return hmac(EVP_sha1(), key, data); }

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cell::crypto
