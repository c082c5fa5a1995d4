#include "domain/peers/history.hpp"

#include <array>

namespace cell::peers {

namespace {

constexpr const char* kHub = "";  // an id no device has
constexpr std::int64_t kPruneEvery_s = 3600;

struct Range {
  std::string_view name;
  std::int64_t step_s;
  std::int64_t steps;
};
constexpr std::array<Range, 3> kRanges{{{"24h", 600, 144}, {"30d", 21'600, 120}, {"1y", 259'200, 122}}};

const std::vector<std::string> kMigrations{
    "CREATE TABLE peer_traffic (peer_id TEXT NOT NULL, step_s INTEGER NOT NULL, t INTEGER NOT NULL, rx "
    "INTEGER NOT NULL, "
    "tx INTEGER NOT NULL, PRIMARY KEY (peer_id, step_s, t)) WITHOUT ROWID;"
    "CREATE INDEX peer_traffic_age ON peer_traffic (step_s, t)"};

std::int64_t begin_of(std::int64_t time, std::int64_t step_s) { return time - time % step_s; }

}  // namespace

Result<std::unique_ptr<History>> History::open(database::Database& database, const Clock& clock) {
  CELL_TRY(database.migrate("peer_traffic", kMigrations));
  return std::unique_ptr<History>(new History(database, clock));
}

void History::add(const std::vector<Passed>& passed) {
  const std::int64_t at = begin_of(to_unix(clock_.now()), kRanges[0].step_s);
  const std::lock_guard lock(mutex_);
  for (const Passed& part : passed) {
    for (const std::string& id : {part.peer_id, std::string(kHub)}) {
      Amount& amount = pending_[{id, at}];
      amount.rx += part.rx;
      amount.tx += part.tx;
    }
  }
}

Result<void> History::write(const Steps& steps) {
  for (const auto& [key, amount] : steps) {
    for (const Range& range : kRanges) {
      CELL_TRY(
          database_.execute("INSERT INTO peer_traffic (peer_id, step_s, t, rx, tx) VALUES (?, ?, ?, ?, ?) ON "
                            "CONFLICT (peer_id, step_s, t) "
                            "DO UPDATE SET rx = rx + excluded.rx, tx = tx + excluded.tx",
                            {key.first, range.step_s, begin_of(key.second, range.step_s),
                             static_cast<std::int64_t>(amount.rx), static_cast<std::int64_t>(amount.tx)}));
    }
  }
  return {};
}

Result<void> History::prune() {
  const std::int64_t now = to_unix(clock_.now());
  {
    const std::lock_guard lock(mutex_);
    if (now - pruned_at_ < kPruneEvery_s && now >= pruned_at_) return {};
    pruned_at_ = now;
  }
  for (const Range& range : kRanges) {
    const std::int64_t oldest = begin_of(now, range.step_s) - range.step_s * range.steps;
    CELL_TRY(
        database_.execute("DELETE FROM peer_traffic WHERE step_s = ? AND t <= ?", {range.step_s, oldest}));
  }
  return {};
}

Result<void> History::save() {
  Steps steps;
  {
    const std::lock_guard lock(mutex_);
    steps.swap(pending_);
  }
  if (!steps.empty()) {
    auto written = database_.transaction([&] { return write(steps); });
    if (!written) {
      const std::lock_guard lock(mutex_);
      for (const auto& [key, amount] : steps) {
        pending_[key].rx += amount.rx;
        pending_[key].tx += amount.tx;
      }
      return written;
    }
  }
  return prune();
}

Result<void> History::forget(const std::string& peer_id) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(pending_, [&](const auto& item) { return item.first.first == peer_id; });
  }
  return database_.execute("DELETE FROM peer_traffic WHERE peer_id = ?", {peer_id});
}

Result<Traffic> History::of(const std::string& peer_id, const std::string& range_name) const {
  const auto range =
      std::find_if(kRanges.begin(), kRanges.end(), [&](const Range& one) { return one.name == range_name; });
  if (range == kRanges.end()) {
    return Error{Code::invalid_argument, "query parameter 'range' is not known", "use 24h, 30d or 1y"};
  }
  const std::int64_t last = begin_of(to_unix(clock_.now()), range->step_s);
  const std::int64_t first = last - (range->steps - 1) * range->step_s;
  std::map<std::int64_t, Amount> found;
  {
    const std::lock_guard lock(mutex_);
    for (auto it = pending_.lower_bound({peer_id, first}); it != pending_.end() && it->first.first == peer_id;
         ++it) {
      Amount& amount = found[begin_of(it->first.second, range->step_s)];
      amount.rx += it->second.rx;
      amount.tx += it->second.tx;
    }
  }
  const auto rows = CELL_TRY(
      database_.query("SELECT t, rx, tx FROM peer_traffic WHERE peer_id = ? AND step_s = ? AND t >= ?",
                      {peer_id, range->step_s, first}));
  for (const database::Row& row : rows) {
    found[row.integer(0)].rx += static_cast<std::uint64_t>(row.integer(1));
    found[row.integer(0)].tx += static_cast<std::uint64_t>(row.integer(2));
  }
  Traffic traffic{range->step_s, {}};
  if (found.empty()) return traffic;
  for (std::int64_t t = first; t <= last; t += range->step_s) {
    const auto amount = found.find(t);
    traffic.points.push_back({from_unix(t), amount == found.end() ? 0 : amount->second.rx,
                              amount == found.end() ? 0 : amount->second.tx});
  }
  return traffic;
}

}  // namespace cell::peers
