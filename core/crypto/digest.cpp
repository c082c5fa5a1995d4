#include "crypto/digest.hpp"

#include <cstdio>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>

#include "crypto/openssl.hpp"

namespace cell::crypto {

namespace {

// Fetched once: EVP_sha256() makes OpenSSL 3 look its provider up again with every use, under a lock.
const EVP_MD* fetched_sha256() {
  static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(digest != nullptr, "find SHA-256");
  return digest;
}

// HMAC with one digest; a context is kept for its next key, since to make one costs more than most MACs.
class Hmac {
 public:
  explicit Hmac(const char* digest) {
    static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    require(algorithm != nullptr, "find HMAC");
    context_.reset(EVP_MAC_CTX_new(algorithm));
    char name[16];
    std::snprintf(name, sizeof name, "%s", digest);
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                     OSSL_PARAM_construct_end()};
    require(context_ != nullptr && EVP_MAC_CTX_set_params(context_.get(), parameters) == 1, "set HMAC up");
  }

  std::string of(std::string_view key, std::string_view data) {
    std::string mac(EVP_MAX_MD_SIZE, '\0');
    std::size_t length = 0;
    // A null key means "the one of before", so an empty key needs an address too.
    const auto* address = key.empty() ? bytes_of(std::string_view("")) : bytes_of(key);
    require(EVP_MAC_init(context_.get(), address, key.size(), nullptr) == 1 &&
                EVP_MAC_update(context_.get(), bytes_of(data), data.size()) == 1 &&
                EVP_MAC_final(context_.get(), bytes_of(mac), &length, mac.size()) == 1,
            "compute an HMAC");
    mac.resize(length);
    return mac;
  }

 private:
  std::unique_ptr<EVP_MAC_CTX, FreeWith<EVP_MAC_CTX_free>> context_;
};

}  // namespace

std::string sha256(std::string_view data) {
  std::string digest(32, '\0');
  unsigned length = 0;
  require(EVP_Digest(data.data(), data.size(), bytes_of(digest), &length, fetched_sha256(), nullptr) == 1,
          "compute SHA-256");
  return digest;
}

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  require(state_->context && EVP_DigestInit_ex(state_->context.get(), fetched_sha256(), nullptr) == 1,
          "begin SHA-256");
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view data) {
  require(EVP_DigestUpdate(state_->context.get(), data.data(), data.size()) == 1, "compute SHA-256");
}

std::string Sha256::finish() {
  std::string digest(32, '\0');
  unsigned length = 0;
  require(EVP_DigestFinal_ex(state_->context.get(), bytes_of(digest), &length) == 1, "compute SHA-256");
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  thread_local Hmac hmac("SHA256");
  return hmac.of(key, data);
}

std::string hmac_sha1(std::string_view key, std::string_view data) {
  thread_local Hmac hmac("SHA1");
  return hmac.of(key, data);
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cell::crypto
