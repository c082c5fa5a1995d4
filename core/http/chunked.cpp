#include "http/chunked.hpp"

#include <charconv>

namespace cell::http {

std::optional<Refusal> ChunkedDecoder::read_size(std::string_view line) {
  std::size_t size = 0;
  const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (line.empty() || line.size() > 8 || problem != std::errc{} || end != line.data() + line.size()) {
    return Refusal{400, "a chunk's size is not a plain hexadecimal number"};
  }
  if (body_.size() + size > max_body_) return Refusal{413, "the body is too large"};
  left_ = size;
  state_ = size == 0 ? State::last : State::data;
  return {};
}

std::optional<Refusal> ChunkedDecoder::feed(std::string& input) {
  std::size_t used = 0;
  const auto rest = [&] { return std::string_view(input).substr(used); };
  while (state_ != State::done) {
    if (state_ == State::data) {
      const std::size_t count = std::min(left_, rest().size());
      body_ += rest().substr(0, count);
      used += count;
      left_ -= count;
      if (left_ > 0) break;
      state_ = State::data_end;
      continue;
    }
    const auto end = rest().find("\r\n");
    if (end == std::string_view::npos) {
      if (rest().size() > 16) return Refusal{400, "a chunk's line does not end in CR LF"};
      break;
    }
    const std::string_view line = rest().substr(0, end);
    if (state_ == State::size) {
      if (auto refusal = read_size(line)) return refusal;
    } else if (!line.empty()) {
      return Refusal{400,
                     state_ == State::last ? "trailers are not served" : "a chunk is longer than its size"};
    } else {
      state_ = state_ == State::last ? State::done : State::size;
    }
    used += end + 2;
  }
  input.erase(0, used);
  return {};
}

}  // namespace cell::http
