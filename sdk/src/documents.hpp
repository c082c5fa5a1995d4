#pragma once

#include <string>
#include <string_view>

#include "cell/abi.h"
#include "cell/json.hpp"
#include "cell/result.hpp"

// Between the types of the SDK and the bytes of abi.h; inside of the library only.
namespace cell::sdk::detail {

cell_bytes bytes_of(std::string_view text) noexcept;
// Borrowed, as the bytes are. Empty for null.
std::string_view view_of(cell_bytes bytes) noexcept;

// A sink that appends to a string and refuses what would make it longer than `limit`. The sink is valid as
// long as the object.
class StringSink {
 public:
  explicit StringSink(std::size_t limit = kMaxDocumentBytes) : limit_(limit) {}
  StringSink(const StringSink&) = delete;
  StringSink& operator=(const StringSink&) = delete;
  [[nodiscard]] const cell_sink* sink() const { return &sink_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  static cell_status append(void* context, const std::uint8_t* data, std::uint64_t length) noexcept;
  std::size_t limit_;
  std::string text_{};
  cell_sink sink_{sizeof(cell_sink), 0, this, &append};
};

// The error document of abi.h, and back. What is no error document is `internal`.
std::string error_document(const Error& error);
Error error_of(std::string_view document);

}  // namespace cell::sdk::detail
