#include "domain/history/history.hpp"

namespace cell::history {

namespace {

constexpr std::chrono::hours kKept{24};
constexpr std::chrono::minutes kMinute{1};

TimePoint floor_to(TimePoint time, std::chrono::seconds step) {
  const std::int64_t seconds = to_unix(time);
  return from_unix(seconds - seconds % step.count());
}

Json to_json(const Sample& sample) {
  return {{"t", format_time(sample.time)},
          {"cpu_percent", sample.cpu_percent},
          {"memory_bytes", static_cast<std::int64_t>(sample.memory_bytes)},
          {"rx_rate", sample.rx_rate},
          {"tx_rate", sample.tx_rate}};
}

}  // namespace

void History::Sum::add(const Sample& sample) {
  total.cpu_percent += sample.cpu_percent;
  total.memory_bytes += sample.memory_bytes;
  total.rx_rate += sample.rx_rate;
  total.tx_rate += sample.tx_rate;
  ++count;
}

Sample History::Sum::mean() const {
  const auto n = static_cast<double>(std::max<std::size_t>(count, 1));
  return {minute, total.cpu_percent / n, total.memory_bytes / n, total.rx_rate / n, total.tx_rate / n};
}

Result<std::unique_ptr<History>> History::open(database::Database& database, const Clock& clock) {
  CELL_TRY(database.migrate(
      "history",
      {"CREATE TABLE machine_history(t INTEGER PRIMARY KEY, cpu_percent REAL NOT NULL, memory_bytes "
       "REAL NOT NULL, rx_rate REAL NOT NULL, tx_rate REAL NOT NULL)"}));
  std::unique_ptr<History> history(new History(database));
  const std::int64_t oldest = to_unix(clock.now() - kKept);
  CELL_TRY(database.execute("DELETE FROM machine_history WHERE t < ?", {oldest}));
  const auto rows = CELL_TRY(database.query(
      "SELECT t, cpu_percent, memory_bytes, rx_rate, tx_rate FROM machine_history ORDER BY t"));
  for (const database::Row& row : rows) {
    history->minutes_.push_back(
        {from_unix(row.integer(0)), row.real(1), row.real(2), row.real(3), row.real(4)});
  }
  return history;
}

Result<void> History::add(const Sample& sample) {
  const std::lock_guard lock(mutex_);
  const TimePoint minute = floor_to(sample.time, kMinute);
  Result<void> written;
  if (open_.count > 0 && open_.minute != minute) written = close_minute();
  if (open_.count == 0) open_.minute = minute;
  open_.add(sample);
  return written;
}

Result<void> History::flush() {
  const std::lock_guard lock(mutex_);
  return open_.count > 0 ? close_minute() : Result<void>();
}

Result<void> History::close_minute() {
  const Sample mean = open_.mean();
  open_ = {};
  // After the clock was set back, what lies ahead would be shown as the future.
  while (!minutes_.empty() && minutes_.back().time >= mean.time) minutes_.pop_back();
  minutes_.push_back(mean);
  const TimePoint oldest = mean.time - kKept;
  while (minutes_.front().time <= oldest) minutes_.pop_front();
  return database_.transaction([&]() -> Result<void> {
    CELL_TRY(database_.execute("DELETE FROM machine_history WHERE t <= ? OR t >= ?",
                               {to_unix(oldest), to_unix(mean.time)}));
    return database_.execute(
        "INSERT INTO machine_history(t, cpu_percent, memory_bytes, rx_rate, tx_rate) VALUES(?, ?, ?, ?, ?)",
        {to_unix(mean.time), mean.cpu_percent, mean.memory_bytes, mean.rx_rate, mean.tx_rate});
  });
}

std::vector<Sample> History::minutes() const {
  const std::lock_guard lock(mutex_);
  std::vector<Sample> all(minutes_.begin(), minutes_.end());
  if (open_.count > 0) all.push_back(open_.mean());
  return all;
}

Json History::view(std::chrono::seconds step) const {
  Json points = Json::array();
  Sum sum;
  for (const Sample& sample : minutes()) {
    const TimePoint begin = floor_to(sample.time, step);
    if (sum.count > 0 && sum.minute != begin) {
      points.push_back(to_json(sum.mean()));
      sum = {};
    }
    sum.minute = begin;
    sum.add(sample);
  }
  if (sum.count > 0) points.push_back(to_json(sum.mean()));
  return {{"step_s", step.count()}, {"points", std::move(points)}};
}

}  // namespace cell::history
