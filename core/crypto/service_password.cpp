#include "crypto/service_password.hpp"

#include <crypt.h>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/openssl.hpp"
#include "crypto/random.hpp"

namespace cell::crypto {

namespace {

constexpr std::string_view kSsha512 = "{SSHA512}";
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kDigestBytes = 64;
constexpr unsigned long kBcryptCost = 4;       // 2^4, the least that crypt(5) takes
constexpr unsigned long kSha512Rounds = 1000;  // likewise

std::string sha512(std::string_view data) {
  std::string digest(kDigestBytes, '\0');
  unsigned length = 0;
  require(EVP_Digest(data.data(), data.size(), bytes_of(digest), &length, EVP_sha512(), nullptr) == 1,
          "compute SHA-512");
  return digest;
}

Result<std::string> crypt_with(const std::string& setting, const Secret& password) {
  auto data = std::make_unique<crypt_data>();
  const std::string text(password.reveal());
  const char* hash = crypt_r(text.c_str(), setting.c_str(), data.get());
  if (hash == nullptr || *hash == '*')
    return Error{Code::internal,
                 "this system cannot make a password hash of the kind '" + setting.substr(0, 4) + "'"};
  return std::string(hash);
}

Result<std::string> crypt_new(const char* prefix, unsigned long cost, const Secret& password) {
  const std::string random = random_bytes(kSaltBytes);
  std::string setting(CRYPT_GENSALT_OUTPUT_SIZE, '\0');
  if (crypt_gensalt_rn(prefix, cost, random.data(), static_cast<int>(random.size()), setting.data(),
                       static_cast<int>(setting.size())) == nullptr) {
    return from_errno(errno, "cannot make the salt of a password hash");
  }
  setting.resize(setting.find('\0'));
  return crypt_with(setting, password);
}

}  // namespace

Result<std::string> hash_service_password(std::string_view kind, const Secret& password) {
  if (kind == "bcrypt") return crypt_new("$2b$", kBcryptCost, password);
  if (kind == "sha512-crypt") return crypt_new("$6$", kSha512Rounds, password);
  if (kind == "ssha512") {
    const std::string salt = random_bytes(kSaltBytes);
    return std::string(kSsha512) + to_base64(sha512(std::string(password.reveal()) + salt) + salt);
  }
  return Error{Code::unsupported, "there is no password hash '" + std::string(kind) + "'",
               "one of bcrypt, sha512-crypt, ssha512"};
}

bool verify_service_password(const Secret& password, std::string_view hash) {
  if (!hash.starts_with(kSsha512)) {
    const auto again = crypt_with(std::string(hash), password);
    return again && equal_constant_time(*again, hash);
  }
  const auto bytes = from_base64(hash.substr(kSsha512.size()));
  if (!bytes || bytes->size() <= kDigestBytes) return false;
  return equal_constant_time(sha512(std::string(password.reveal()) + bytes->substr(kDigestBytes)),
                             std::string_view(*bytes).substr(0, kDigestBytes));
}

}  // namespace cell::crypto
