#include "base/clock.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace cell {

namespace {

// What nanoseconds since 1970 fit into 64 bits; beyond, the sum below would wrap to another time.
constexpr int kFirstYear = 1678;
constexpr int kLastYear = 2261;

std::tm to_tm(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  return parts;
}

std::string date_time(std::int64_t seconds) {
  const std::tm parts = to_tm(seconds);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return {text.data(), length};
}

bool digits(std::string_view text, std::size_t at, std::size_t count, int& value) {
  if (at + count > text.size()) return false;
  value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  return true;
}

Error bad_time(std::string_view text) {
  return Error{Code::invalid_argument, "'" + std::string(text) + "' is not a time",
               "write it like 2026-11-24T08:30:00Z (RFC 3339)"};
}

// Offset from UTC in seconds of "Z" or "+02:00"; nothing when it is neither.
std::optional<int> parse_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  int hours = 0;
  int minutes = 0;
  if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) return {};
  if (!digits(text, 1, 2, hours) || !digits(text, 4, 2, minutes) || hours > 23 || minutes > 59) return {};
  const int seconds = hours * 3600 + minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

std::int64_t to_unix(TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

TimePoint from_unix(std::int64_t seconds) { return TimePoint{std::chrono::seconds{seconds}}; }

std::string format_time(TimePoint time) { return date_time(to_unix(time)) + "Z"; }

std::string format_time_ms(TimePoint time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds).count();
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03d", static_cast<int>(rest));
  return date_time(seconds.time_since_epoch().count()) + fraction.data() + "Z";
}

Result<TimePoint> parse_time(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool shape = text.size() >= 20 && digits(text, 0, 4, year) && text[4] == '-' &&
                     digits(text, 5, 2, month) && text[7] == '-' && digits(text, 8, 2, day) &&
                     (text[10] == 'T' || text[10] == 't') && digits(text, 11, 2, hour) && text[13] == ':' &&
                     digits(text, 14, 2, minute) && text[16] == ':' && digits(text, 17, 2, second);
  if (!shape) return bad_time(text);
  std::string_view rest = text.substr(19);
  int milliseconds = 0;
  if (rest.front() == '.') {
    std::size_t count = 0;
    int scale = 100;
    for (count = 1; count < rest.size() && rest[count] >= '0' && rest[count] <= '9'; ++count, scale /= 10) {
      milliseconds += (rest[count] - '0') * scale;
    }
    if (count == 1) return bad_time(text);
    rest.remove_prefix(count);
  }
  const auto offset = parse_offset(rest);
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!offset || !date.ok() || hour > 23 || minute > 59 || second > 60) return bad_time(text);
  if (year < kFirstYear || year > kLastYear) {
    return Error{Code::invalid_argument, "'" + std::string(text) + "' is outside the years 1678 to 2261",
                 "write it like 2026-11-24T08:30:00Z (RFC 3339)"};
  }
  const auto days = std::chrono::sys_days{date};
  return TimePoint{days} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + std::chrono::milliseconds{milliseconds} -
         std::chrono::seconds{*offset};
}

}  // namespace cell
