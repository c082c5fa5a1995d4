#include <cstddef>
#include <cstdint>

#include "cell/text.hpp"

namespace cell::sdk {
namespace {

// One well-formed sequence of Unicode's table 3-7: how long, and what its second byte may be. Only the second
// byte's range depends on the first; it is what rules out overlong forms, surrogates and beyond U+10FFFF.
struct Lead {
  std::size_t length = 0;  // 0: no sequence begins so
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
};

Lead lead_of(std::uint8_t first) noexcept {
  if (first < 0x80) return {1};
  if (first < 0xC2) return {0};
  if (first < 0xE0) return {2};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

std::uint8_t byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(text[at]);
}

// Length of the sequence at `at`; 0: none.
std::size_t sequence_at(std::string_view text, std::size_t at) noexcept {
  const Lead lead = lead_of(byte_at(text, at));
  if (lead.length == 0 || lead.length > text.size() - at) return 0;
  for (std::size_t i = 1; i < lead.length; ++i) {
    const std::uint8_t low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;
    const std::uint8_t byte = byte_at(text, at + i);
    if (byte < low || byte > high) return 0;
  }
  return lead.length;
}

// U+0080–U+009F (C1 controls), U+2028 and U+2029 end a line for some readers.
bool is_control(std::string_view sequence) noexcept {
  if (sequence.size() == 1) return byte_at(sequence, 0) < 0x20 || sequence[0] == 0x7F;
  if (sequence.size() == 2) return byte_at(sequence, 0) == 0xC2 && byte_at(sequence, 1) < 0xA0;
  return sequence == "\u2028" || sequence == "\u2029";
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_at(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

bool is_line(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_at(text, at);
    if (length == 0 || is_control(text.substr(at, length))) return false;
    at += length;
  }
  return true;
}

}  // namespace cell::sdk
