#include "crypto/encoding.hpp"

#include <array>
#include <cstdint>

namespace cell::crypto {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// `bits` of input for each character, most significant first; the last character is filled with zero bits.
std::string encode(std::string_view bytes, std::string_view alphabet, unsigned bits) {
  std::string text;
  text.reserve((bytes.size() * 8 + bits - 1) / bits);
  const std::uint32_t mask = (1U << bits) - 1;
  std::uint32_t pending = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    pending = (pending << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= bits; count -= bits) text += alphabet[(pending >> (count - bits)) & mask];
  }
  if (count > 0) text += alphabet[(pending << (bits - count)) & mask];
  return text;
}

// The bytes of unpadded text; refuses foreign characters, lengths that no encoder makes and unused bits that
// are set.
Result<std::string> decode(std::string_view text, std::string_view alphabet, unsigned bits,
                           std::string_view name) {
  const auto refuse = [&](std::string_view why) {
    return Error{Code::invalid_argument, "not valid " + std::string(name) + ": " + std::string(why)};
  };
  std::string bytes;
  bytes.reserve(text.size() * bits / 8);
  std::uint32_t pending = 0;
  unsigned count = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return refuse("it holds a character that does not belong there");
    pending = (pending << bits) | static_cast<std::uint32_t>(value);
    count += bits;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((pending >> count) & 0xFFU);
  }
  if (count >= bits) return refuse("its length is wrong");
  if ((pending & ((1U << count) - 1)) != 0) return refuse("its last character has bits that mean nothing");
  return bytes;
}

}  // namespace

std::string to_hex(std::string_view bytes) { return encode(bytes, kHex, 4); }

std::string to_base64(std::string_view bytes) {
  std::string text = encode(bytes, kBase64, 6);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string to_base64url(std::string_view bytes) { return encode(bytes, kBase64Url, 6); }

std::string to_base32(std::string_view bytes) { return encode(bytes, kBase32, 5); }

Result<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return Error{Code::invalid_argument, "not valid base64: its length is wrong"};
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return decode(text, kBase64, 6, "base64");
}

Result<std::string> from_base64url(std::string_view text) { return decode(text, kBase64Url, 6, "base64url"); }

Result<std::string> from_base32(std::string_view text) { return decode(text, kBase32, 5, "base32"); }

}  // namespace cell::crypto
