#include "crypto/ed25519.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/openssl.hpp"
#include "crypto/random.hpp"

namespace cell::crypto {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

using ContextPtr = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;

Result<std::string> decode_key(std::string_view text, const char* what) {
  Result<std::string> bytes = from_base64(text);
  if (bytes && bytes->size() == kKeyBytes) return bytes;
  return Error{Code::invalid_argument, std::string("not ") + what, "it has 44 characters of base64"};
}

Result<KeyPtr> private_of(const Secret& private_key) {
  const Secret bytes(CELL_TRY(decode_key(private_key.reveal(), "a private Ed25519 key")));
  KeyPtr key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(bytes.reveal()), kKeyBytes));
  if (!key) return openssl_error("cannot read a signing key");
  return key;
}

Error bad_signature(const char* why) {
  Error error{Code::forbidden, std::string("the signature is not valid: ") + why};
  error.reason = "signature";
  return error;
}

}  // namespace

Result<SigningKeys> generate_signing_keys() {
  Secret private_key(to_base64(random_bytes(kKeyBytes)));
  std::string public_key = CELL_TRY(signing_public_key(private_key));
  return SigningKeys{std::move(private_key), std::move(public_key)};
}

Result<std::string> signing_public_key(const Secret& private_key) {
  const KeyPtr key = CELL_TRY(private_of(private_key));
  std::string bytes(kKeyBytes, '\0');
  std::size_t length = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), bytes_of(bytes), &length) != 1 || length != kKeyBytes)
    return openssl_error("cannot compute a public key");
  return to_base64(bytes);
}

Result<std::string> sign(const Secret& private_key, std::string_view message) {
  const KeyPtr key = CELL_TRY(private_of(private_key));
  const ContextPtr context(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  std::size_t length = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), bytes_of(signature), &length, bytes_of(message), message.size()) != 1 ||
      length != kSignatureBytes) {
    return openssl_error("cannot sign");
  }
  return signature;
}

Result<void> verify(std::string_view public_key, std::string_view message, std::string_view signature) {
  const std::string bytes = CELL_TRY(decode_key(public_key, "a public Ed25519 key"));
  if (signature.size() != kSignatureBytes) return bad_signature("it does not have 64 bytes");
  const KeyPtr key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(bytes), kKeyBytes));
  const ContextPtr context(EVP_MD_CTX_new());
  if (!key || !context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1)
    return openssl_error("cannot check a signature");
  const int verdict = EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                       bytes_of(message), message.size());
  if (verdict == 1) return {};
  (void)openssl_error("");  // empties the queue
  return bad_signature("it was made with another key or of something else");
}

Result<std::string> key_id(std::string_view public_key) {
  return to_hex(sha256(CELL_TRY(decode_key(public_key, "a public Ed25519 key")))).substr(0, 16);
}

}  // namespace cell::crypto
