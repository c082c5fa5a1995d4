#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engine/client.hpp"

namespace cell::engine {

// Takes apart the stream that attach, logs and exec answer for a container without a terminal: frames of
// {stream, 0, 0, 0, length as 32 bits big-endian} and that many bytes ("Stream format" in the Engine API).
class Demultiplexer {
 public:
  // internal when a frame's head is none.
  Result<void> feed(std::string_view bytes);
  [[nodiscard]] const std::string& out() const { return out_; }
  [[nodiscard]] const std::string& err() const { return err_; }
  // True between two frames: nothing was cut off.
  [[nodiscard]] bool at_boundary() const { return head_.empty() && left_ == 0; }

 private:
  std::string head_;
  std::string* current_ = nullptr;
  std::size_t left_ = 0;
  std::string out_;
  std::string err_;
};

// Lines of one stream as `timestamps=1` writes them ("2026-11-24T00:16:23.123456789Z text").
std::vector<LogLine> parse_log_lines(std::string_view text, std::string_view stream);

// Both streams in order of time.
std::vector<LogLine> merge_lines(std::vector<LogLine> out, std::vector<LogLine> err);

// RFC 3339 → "seconds.nanoseconds", the form of `since`; a text of digits and a dot stays as it is.
Result<std::string> to_engine_time(std::string_view time);

}  // namespace cell::engine
