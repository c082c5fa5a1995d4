#include <charconv>
#include <cstdlib>

#include "chrony/config.hpp"

namespace cell::chrony {

namespace {

constexpr std::size_t kMaxSources = 1000;
constexpr std::int64_t kNever = 4294967295;  // chronyc's "no sample yet"

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  for (;;) {
    const auto end = text.find(separator);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

template <class Number>
bool read(const std::string& text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

std::string state_name(const std::string& mode, const std::string& state) {
  if (mode == "#") return "local";
  if (state == "*") return "selected";
  if (state == "+" || state == "-") return "candidate";
  return "unreachable";  // ? not reached, x false ticker, ~ too variable
}

Error not_csv(std::string_view what) {
  return Error{Code::internal, "chronyc answered something that is not its " + std::string(what) + " report"};
}

}  // namespace

// mode, state, name, stratum, poll, reach, last sample (s), adjusted offset (s), measured offset (s), error
// (s)
Result<std::vector<Source>> parse_sources(std::string_view csv) {
  std::vector<Source> sources;
  for (const std::string& line : split(csv, '\n')) {
    if (line.empty()) continue;
    const auto columns = split(line, ',');
    if (columns.size() < 10 || sources.size() == kMaxSources) return not_csv("sources");
    Source source{columns[2], state_name(columns[0], columns[1])};
    if (!read(columns[3], source.stratum) || !read(columns[6], source.last_rx_s) ||
        !read(columns[7], source.offset_s)) {
      return not_csv("sources");
    }
    if (source.last_rx_s >= kNever) source.last_rx_s = -1;
    sources.push_back(std::move(source));
  }
  return sources;
}

// reference id, its name, stratum, reference time, system offset (s), last offset (s), …, leap status
Result<Tracking> parse_tracking(std::string_view csv) {
  const auto columns = split(csv.substr(0, csv.find('\n')), ',');
  Tracking tracking;
  if (columns.size() < 14 || !read(columns[2], tracking.stratum) || !read(columns[4], tracking.offset_s))
    return not_csv("tracking");
  // 7F7F0101 is the host's own clock: time is served, but nobody vouches for it.
  tracking.synchronised = columns[13] == "Normal" && columns[0] != "7F7F0101" && columns[0] != "00000000";
  return tracking;
}

}  // namespace cell::chrony
