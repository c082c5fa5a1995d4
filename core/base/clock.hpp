#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cell {

using TimePoint = std::chrono::system_clock::time_point;
using SteadyPoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::milliseconds;

// Time as a dependency, so that tests can set it. Thread: any.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;       // wall clock, UTC; may jump
  [[nodiscard]] virtual SteadyPoint steady() const = 0;  // never jumps; for deadlines and intervals
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return std::chrono::system_clock::now(); }
  [[nodiscard]] SteadyPoint steady() const override { return std::chrono::steady_clock::now(); }
};

// A clock that stands until it is moved.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint start = TimePoint{std::chrono::seconds{1'800'000'000}}) : now_(start) {}
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] SteadyPoint steady() const override { return steady_; }
  void advance(std::chrono::milliseconds by) {
    now_ += by;
    steady_ += by;
  }
  void set(TimePoint now) { now_ = now; }

 private:
  TimePoint now_;
  SteadyPoint steady_{};
};

// RFC 3339 in UTC with seconds: "2026-11-24T00:16:23Z".
std::string format_time(TimePoint time);
// The same with milliseconds, for logs.
std::string format_time_ms(TimePoint time);
// RFC 3339 with any offset; fractions are kept to milliseconds. Only the years 1678 to 2261, which TimePoint
// holds.
Result<TimePoint> parse_time(std::string_view text);

std::int64_t to_unix(TimePoint time);
TimePoint from_unix(std::int64_t seconds);

}  // namespace cell
