#include "wireguard/key.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cell::wireguard {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kBase64Size = 44;
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

constexpr std::array<std::int8_t, 256> digit_values(std::string_view digits) {
  std::array<std::int8_t, 256> values{};
  for (auto& value : values) value = -1;
  for (std::size_t index = 0; index < digits.size(); ++index) {
    values[static_cast<std::uint8_t>(digits[index])] = static_cast<std::int8_t>(index);
  }
  return values;
}

constexpr auto kBase64Values = digit_values(kBase64);
constexpr auto kHexValues = digit_values(kHex);

Error not_a_key() {
  return {Code::invalid_argument, "not a WireGuard key", "a key is 32 bytes in base64, 44 characters"};
}

}  // namespace

Result<std::string> key_to_hex(std::string_view base64) {
  if (base64.size() != kBase64Size || base64.back() != '=') return not_a_key();
  std::string hex;
  hex.reserve(2 * kKeyBytes);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : base64.substr(0, kBase64Size - 1)) {
    const auto value = kBase64Values[static_cast<std::uint8_t>(c)];
    if (value < 0) return not_a_key();
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    for (count += 6; count >= 4; count -= 4) hex += kHex[(bits >> (count - 4)) & 0xFU];
  }
  // 43 digits are 258 bits; the two that are left over are no part of the key.
  if ((bits & 0x3U) != 0) return not_a_key();
  return hex;
}

Result<std::string> key_to_base64(std::string_view hex) {
  if (hex.size() != 2 * kKeyBytes) return not_a_key();
  std::string base64;
  base64.reserve(kBase64Size);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : hex) {
    const auto value = kHexValues[static_cast<std::uint8_t>(c)];
    if (value < 0) return not_a_key();
    bits = bits << 4 | static_cast<std::uint32_t>(value);
    for (count += 4; count >= 6; count -= 6) base64 += kBase64[(bits >> (count - 6)) & 0x3FU];
  }
  base64 += kBase64[(bits << (6 - count)) & 0x3FU];
  base64 += '=';
  return base64;
}

bool is_zero_hex(std::string_view hex) {
  return std::all_of(hex.begin(), hex.end(), [](char c) { return c == '0'; });
}

}  // namespace cell::wireguard
