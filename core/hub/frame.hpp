#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

// The wire of the hub's socket: a stream of frames, each four bytes of length (big endian) and that many
// bytes of JSON.
namespace cell::hub {

// 10,000 peers are about 3 MB; above this a length is garbage or an attack.
inline constexpr std::size_t kMaxFrame = 32UL * 1024 * 1024;

// too_large above kMaxFrame.
Result<std::string> encode_frame(std::string_view payload);

// Cuts frames out of a stream that arrives in pieces. One object per connection.
class FrameReader {
 public:
  void append(std::string_view bytes) { buffer_.append(bytes); }
  // The next whole frame's payload, nothing while it is incomplete; too_large when the stream can't be
  // trusted any more.
  Result<std::optional<std::string>> next();
  [[nodiscard]] bool is_empty() const { return buffer_.empty(); }

 private:
  std::string buffer_;
};

}  // namespace cell::hub
