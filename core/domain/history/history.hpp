#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "database/database.hpp"

namespace cell::history {

// How the machine did at one moment, or on average over one minute from `time` on.
struct Sample {
  TimePoint time{};
  double cpu_percent = 0;
  double memory_bytes = 0;
  double rx_rate = 0;
  double tx_rate = 0;
};

// The machine's last 24 hours in steps of a minute, kept in the database so that a restart does not lose
// them. Thread: any.
class History {
 public:
  static Result<std::unique_ptr<History>> open(database::Database& database, const Clock& clock);

  // Joins the minute it falls into; a minute is written when the next one begins.
  Result<void> add(const Sample& sample);
  // Writes the minute that has begun, before an end.
  Result<void> flush();

  [[nodiscard]] std::vector<Sample> minutes() const;  // oldest first
  // {step_s, points}: averages over `step`, as the dashboard draws them.
  [[nodiscard]] Json view(std::chrono::seconds step) const;

 private:
  explicit History(database::Database& database) : database_(database) {}
  struct Sum {
    TimePoint minute{};
    Sample total{};
    std::size_t count = 0;
    void add(const Sample& sample);
    [[nodiscard]] Sample mean() const;
  };
  Result<void> close_minute();

  database::Database& database_;
  mutable std::mutex mutex_;  // guards the following
  std::deque<Sample> minutes_;
  Sum open_;
};

}  // namespace cell::history
