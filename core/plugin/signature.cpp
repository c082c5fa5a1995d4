#include "plugin/signature.hpp"

#include "base/json.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/encoding.hpp"

namespace cell::plugin {

namespace {

constexpr std::size_t kMaxBytes = 1024;
constexpr std::size_t kSignatureBytes = 64;

Error bad(const char* why) {
  Error error{Code::forbidden, std::string("the signature cannot be read: ") + why};
  error.reason = "signature";
  return error;
}

bool is_key_id(const std::string& text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Result<Signature> parse_signature(std::string_view text) {
  if (text.size() > kMaxBytes) return bad("it is too long");
  const auto json = parse_json(text);
  if (!json || !json->is_object() || json->size() != 2) return bad("it must hold 'key_id' and 'signature'");
  Signature signature{json_string(*json, "key_id"), {}};
  if (!is_key_id(signature.key_id)) return bad("'key_id' must have 16 hex digits");
  auto bytes = crypto::from_base64(json_string(*json, "signature"));
  if (!bytes || bytes->size() != kSignatureBytes) return bad("'signature' must be base64 of 64 bytes");
  signature.bytes = std::move(*bytes);
  return signature;
}

Result<std::string> make_signature(std::string_view signed_bytes, const Secret& private_key) {
  const std::string public_key = CELL_TRY(crypto::signing_public_key(private_key));
  const std::string bytes = CELL_TRY(crypto::sign(private_key, signed_bytes));
  return dump_json(
             {{"key_id", CELL_TRY(crypto::key_id(public_key))}, {"signature", crypto::to_base64(bytes)}}) +
         "\n";
}

Result<void> check_signature(std::string_view signed_bytes, const Signature& signature,
                             std::string_view public_key) {
  if (CELL_TRY(crypto::key_id(public_key)) != signature.key_id) return bad("it names another key");
  return crypto::verify(public_key, signed_bytes, signature.bytes);
}

}  // namespace cell::plugin
