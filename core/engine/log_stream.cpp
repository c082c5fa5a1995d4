#include "engine/log_stream.hpp"

#include <algorithm>
#include <ctime>
#include <iterator>

namespace cell::engine {

namespace {

constexpr std::size_t kFrameHead = 8;
constexpr std::size_t kMaxFrame = 16 * 1024 * 1024;  // the engine cuts at 16 KiB; above this it is no frame

std::size_t frame_length(const std::string& head) {
  std::size_t length = 0;
  for (std::size_t i = 4; i < kFrameHead; ++i) length = length << 8U | static_cast<unsigned char>(head[i]);
  return length;
}

bool looks_like_time(std::string_view text) {
  return text.size() >= 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T' && text[13] == ':';
}

}  // namespace

Result<void> Demultiplexer::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (left_ == 0) {
      const std::size_t take = std::min(kFrameHead - head_.size(), bytes.size());
      head_.append(bytes.substr(0, take));
      bytes.remove_prefix(take);
      if (head_.size() < kFrameHead) return {};
      left_ = frame_length(head_);
      const auto stream = static_cast<unsigned char>(head_[0]);
      if (stream > 2 || head_[1] != 0 || head_[2] != 0 || head_[3] != 0 || left_ > kMaxFrame) {
        return Error{Code::internal, "the engine's stream holds something that is not a frame"};
      }
      current_ = stream == 2 ? &err_ : &out_;
      head_.clear();
    }
    const std::size_t take = std::min(left_, bytes.size());
    current_->append(bytes.substr(0, take));
    bytes.remove_prefix(take);
    left_ -= take;
  }
  return {};
}

std::vector<LogLine> parse_log_lines(std::string_view text, std::string_view stream) {
  std::vector<LogLine> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    LogLine entry{{}, std::string(stream), {}};
    const auto space = line.find(' ');
    const std::string_view first = line.substr(0, space);
    if (looks_like_time(first)) {
      entry.time = first;
      line = space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
    }
    entry.line = line;
    lines.push_back(std::move(entry));
  }
  return lines;
}

std::vector<LogLine> merge_lines(std::vector<LogLine> out, std::vector<LogLine> err) {
  std::vector<LogLine> all;
  all.reserve(out.size() + err.size());
  std::merge(std::make_move_iterator(out.begin()), std::make_move_iterator(out.end()),
             std::make_move_iterator(err.begin()), std::make_move_iterator(err.end()),
             std::back_inserter(all),
             [](const LogLine& left, const LogLine& right) { return left.time < right.time; });
  return all;
}

Result<std::string> to_engine_time(std::string_view time) {
  if (time.find_first_not_of("0123456789.") == std::string_view::npos) return std::string(time);
  const Error wrong{Code::invalid_argument, "'" + std::string(time) + "' is not a time",
                    "write it like 2026-11-24T00:16:23Z"};
  const std::string text(time);
  std::tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return wrong;
  std::string fraction;
  if (*rest == '.') {
    ++rest;
    while (*rest >= '0' && *rest <= '9') fraction.push_back(*rest++);
  }
  std::time_t seconds = timegm(&parts);
  if (*rest == '+' || *rest == '-') {
    int hours = 0;
    int minutes = 0;
    if (std::sscanf(rest + 1, "%2d:%2d", &hours, &minutes) != 2) return wrong;
    seconds -= (*rest == '+' ? 1 : -1) * (hours * 3600 + minutes * 60);
  } else if (std::string_view(rest) != "Z") {
    return wrong;
  }
  fraction.resize(9, '0');
  return std::to_string(seconds) + "." + fraction;
}

}  // namespace cell::engine
