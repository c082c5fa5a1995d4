#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cell/abi.h"

// The host's side of sdk/include/cell/abi.h. Used by celld and by cell-plugin-host, so it needs nothing but
// the standard library.
namespace cell::plugin {

// Beyond what a plugin can answer: what happened instead.
enum class Outcome : std::uint32_t {
  answered = 0,    // `status` is the plugin's
  threw = 1,       // an exception crossed the border
  lacks_call = 2,  // the plugin has no such callback
  too_long = 3,    // an answer was over its limit
};

struct CallResult {
  Outcome outcome = Outcome::answered;
  std::int32_t status = CELL_OK;
  std::string first;   // document, response or error document
  std::string second;  // response body
};

// A sink that keeps at most `limit` bytes; nothing of what is written beyond.
class BoundedSink {
 public:
  explicit BoundedSink(std::size_t limit) : limit_(limit) {}
  BoundedSink(const BoundedSink&) = delete;
  BoundedSink& operator=(const BoundedSink&) = delete;

  [[nodiscard]] const cell_sink* sink() const { return &sink_; }
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  static cell_status write(void* context, const std::uint8_t* data, std::uint64_t length) noexcept;

  std::size_t limit_;
  std::string text_;
  bool overflowed_ = false;
  cell_sink sink_{sizeof(cell_sink), 0, this, &BoundedSink::write};
};

inline cell_bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view view_of(cell_bytes bytes) {
  return bytes.data == nullptr ? std::string_view{}
                               : std::string_view(reinterpret_cast<const char*>(bytes.data), bytes.length);
}

struct Limits {
  std::size_t plan = 4UL * 1024 * 1024;
  std::size_t head = 64UL * 1024;
  std::size_t body = 16UL * 1024 * 1024;
  std::size_t error = 64UL * 1024;
};

// The plugin as it came from cell_plugin_open(). No call of it throws. The caller keeps the thread tags.
class Border {
 public:
  // Answered with CELL_OK: the plugin can be used. `first` says in words what is wrong with it, where that is
  // not the plugin's own error document (outcome `answered`, CELL_FAILED).
  CallResult open(cell_plugin_open_function function, const cell_host* host);
  [[nodiscard]] CallResult plan(std::string_view config) const;
  [[nodiscard]] CallResult handle(std::string_view request, std::string_view body) const;
  [[nodiscard]] CallResult notify(std::string_view event) const;
  void close() const;

 private:
  cell_plugin plugin_{};
};

// Set while this thread runs plan(), which may not ask the host for anything.
bool is_planning() noexcept;

}  // namespace cell::plugin
