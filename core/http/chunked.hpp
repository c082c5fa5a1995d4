#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/guard.hpp"

namespace cell::http {

// Decodes a chunked body (RFC 9112 §7.1) as it comes. Strict: sizes are 1–8 hex digits, lines end in CR LF,
// extensions and trailers are refused.
class ChunkedDecoder {
 public:
  explicit ChunkedDecoder(std::size_t max_body) : max_body_(max_body) {}

  // Takes what it can use from the front of `input` and removes it. A refusal ends the connection.
  std::optional<Refusal> feed(std::string& input);
  [[nodiscard]] bool done() const { return state_ == State::done; }
  [[nodiscard]] std::size_t size() const { return body_.size(); }  // bytes decoded so far
  std::string take() { return std::move(body_); }

 private:
  enum class State { size, data, data_end, last, done };
  std::optional<Refusal> read_size(std::string_view line);
  std::size_t max_body_;
  std::size_t left_ = 0;
  State state_ = State::size;
  std::string body_;
};

}  // namespace cell::http
