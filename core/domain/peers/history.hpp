#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "database/database.hpp"
#include "domain/peers/live.hpp"

namespace cell::peers {

struct TrafficPoint {
  TimePoint at{};  // begin of the step
  std::uint64_t rx = 0;
  std::uint64_t tx = 0;
  bool operator==(const TrafficPoint&) const = default;
};

struct Traffic {
  std::int64_t step_s = 0;
  std::vector<TrafficPoint> points;  // oldest first, without gaps; none where nothing was ever counted
};

// Traffic of each device and of the hub as a whole: a day in steps of ten minutes, 30 days in steps of six
// hours, a year in steps of three days. Each amount is added to all three, so nothing has to be rolled up
// later. What was counted since the last save() is in the answers too. Thread: any.
class History {
 public:
  static Result<std::unique_ptr<History>> open(database::Database& database, const Clock& clock);

  void add(const std::vector<Passed>& passed);
  // Writes, and removes what has become too old. To be called every minute or so, and before the end.
  Result<void> save();
  Result<void> forget(const std::string& peer_id);

  // `range`: "24h", "30d" or "1y"; invalid_argument otherwise. Empty id: the hub as a whole.
  [[nodiscard]] Result<Traffic> of(const std::string& peer_id, const std::string& range) const;

 private:
  struct Amount {
    std::uint64_t rx = 0;
    std::uint64_t tx = 0;
  };
  using Steps = std::map<std::pair<std::string, std::int64_t>, Amount>;  // by id and begin of the finest step

  History(database::Database& database, const Clock& clock) : database_(database), clock_(clock) {}
  Result<void> write(const Steps& steps);
  Result<void> prune();

  database::Database& database_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  Steps pending_;               // guarded by mutex_
  std::int64_t pruned_at_ = 0;  // guarded by mutex_
};

}  // namespace cell::peers
