#include "hub/frame.hpp"

#include <cstdint>

namespace cell::hub {
namespace {

constexpr std::size_t kHead = 4;

Error too_large(std::size_t size) {
  return {Code::too_large, "a message of " + std::to_string(size) + " bytes is above the hub's limit of " +
                               std::to_string(kMaxFrame)};
}

}  // namespace

Result<std::string> encode_frame(std::string_view payload) {
  if (payload.size() > kMaxFrame) return too_large(payload.size());
  std::string frame;
  frame.reserve(kHead + payload.size());
  for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>((payload.size() >> shift) & 0xFFU);
  frame += payload;
  return frame;
}

Result<std::optional<std::string>> FrameReader::next() {
  if (buffer_.size() < kHead) return std::optional<std::string>{};
  std::size_t size = 0;
  for (std::size_t index = 0; index < kHead; ++index)
    size = size << 8 | static_cast<std::uint8_t>(buffer_[index]);
  if (size > kMaxFrame) return too_large(size);
  if (buffer_.size() < kHead + size) return std::optional<std::string>{};
  std::optional<std::string> payload = buffer_.substr(kHead, size);
  buffer_.erase(0, kHead + size);
  return payload;
}

}  // namespace cell::hub
