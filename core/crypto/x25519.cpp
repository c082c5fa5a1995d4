#include "crypto/x25519.hpp"

#include "crypto/encoding.hpp"
#include "crypto/openssl.hpp"
#include "crypto/random.hpp"

namespace cell::crypto {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kKeyCharacters = 44;

Error bad_key(const char* why) {
  return Error{Code::invalid_argument, std::string("not a WireGuard key: ") + why,
               "a key has 44 characters of base64 and ends with '='"};
}

Result<std::string> decode_key(std::string_view text) {
  if (text.size() != kKeyCharacters) return bad_key("it does not have 44 characters");
  Result<std::string> bytes = from_base64(text);
  if (!bytes || bytes->size() != kKeyBytes) return bad_key("it is not base64 of 32 bytes");
  return bytes;
}

Result<std::string> public_of(std::string_view private_bytes) {
  const KeyPtr key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, bytes_of(private_bytes), private_bytes.size()));
  std::string bytes(kKeyBytes, '\0');
  std::size_t length = bytes.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), bytes_of(bytes), &length) != 1 || length != kKeyBytes) {
    return openssl_error("cannot compute a public key");
  }
  return bytes;
}

}  // namespace

Result<WireGuardKeys> generate_wireguard_keys() {
  std::string bytes = random_bytes(kKeyBytes);
  // RFC 7748 §5; `wg genkey` stores its keys clamped as well.
  bytes.front() = static_cast<char>(static_cast<unsigned char>(bytes.front()) & 0xF8U);
  bytes.back() = static_cast<char>((static_cast<unsigned char>(bytes.back()) & 0x7FU) | 0x40U);
  const Secret raw(std::move(bytes));
  const std::string public_bytes = CELL_TRY(public_of(raw.reveal()));
  return WireGuardKeys{Secret(to_base64(raw.reveal())), to_base64(public_bytes)};
}

Result<std::string> wireguard_public_key(const Secret& private_key) {
  const Secret raw(CELL_TRY(decode_key(private_key.reveal())));
  return to_base64(CELL_TRY(public_of(raw.reveal())));
}

Secret generate_preshared_key() { return Secret(to_base64(random_bytes(kKeyBytes))); }

Result<void> check_wireguard_key(std::string_view key) {
  const std::string bytes = CELL_TRY(decode_key(key));
  if (bytes.find_first_not_of('\0') == std::string::npos) return bad_key("it is all zero");
  return {};
}

}  // namespace cell::crypto
