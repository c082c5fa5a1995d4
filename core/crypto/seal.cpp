#include "crypto/seal.hpp"

#include "crypto/openssl.hpp"
#include "crypto/random.hpp"

namespace cell::crypto {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
// OpenSSL counts in int; far below the 64 GiB that one nonce may cover.
constexpr std::size_t kMaxBytes = 64 * 1024 * 1024;

Result<void> check(const Secret& key, std::size_t size) {
  if (key.reveal().size() != kKeyBytes) return Error{Code::invalid_argument, "the key must have 32 bytes"};
  if (size > kMaxBytes) return Error{Code::too_large, "the value is too large to seal"};
  return {};
}

Error not_authentic() {
  return Error{Code::invalid_argument, "the sealed value was made with another key or was changed"};
}

}  // namespace

Result<std::string> seal(const Secret& key, std::string_view plain, std::string_view associated) {
  CELL_TRY(check(key, plain.size() + associated.size()));
  const std::string nonce = random_bytes(kNonceBytes);
  std::string text(plain.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int length = 0;
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  const bool worked =
      context &&
      EVP_EncryptInit_ex2(context.get(), EVP_aes_256_gcm(), bytes_of(key.reveal()), bytes_of(nonce),
                          nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &length, bytes_of(associated),
                        static_cast<int>(associated.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), bytes_of(text), &length, bytes_of(plain),
                        static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), bytes_of(tag), &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes), tag.data()) == 1;
  if (!worked) return openssl_error("cannot seal a value");
  return nonce + text + tag;
}

Result<std::string> open(const Secret& key, std::string_view sealed, std::string_view associated) {
  CELL_TRY(check(key, sealed.size() + associated.size()));
  if (sealed.size() < kNonceBytes + kTagBytes) return not_authentic();
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  const std::string_view text = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string plain(text.size(), '\0');
  std::string rest(kTagBytes, '\0');
  int length = 0;
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  const bool ready =
      context &&
      EVP_DecryptInit_ex2(context.get(), EVP_aes_256_gcm(), bytes_of(key.reveal()), bytes_of(nonce),
                          nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &length, bytes_of(associated),
                        static_cast<int>(associated.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), bytes_of(plain), &length, bytes_of(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes), tag.data()) == 1;
  if (!ready) return openssl_error("cannot open a sealed value");
  // Nothing of `plain` may leave before this answers.
  if (EVP_DecryptFinal_ex(context.get(), bytes_of(rest), &length) != 1) {
    OPENSSL_cleanse(plain.data(), plain.size());
    return not_authentic();
  }
  return plain;
}

}  // namespace cell::crypto
