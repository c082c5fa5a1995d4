#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/event_sink.hpp"
#include "database/database.hpp"
#include "domain/health/rules.hpp"

namespace cell::health {

// The list of what needs looking at: made anew on refresh(), told as event `health` when it changes. Which
// items to ignore, and until when, is kept in the database. Thread: any.
class Board {
 public:
  static Result<std::unique_ptr<Board>> open(database::Database& database, EventSink& events,
                                             const Clock& clock, std::function<Facts()> facts);
  // Asks for the facts, which may take a while: for a thread in the background.
  void refresh();

  [[nodiscard]] std::vector<Item> items() const;  // of the last refresh
  // DashboardHealth of the REST API; `status` is "degraded" while an item that nobody ignores is more than a
  // remark.
  [[nodiscard]] Json view() const;

  // Nothing: no longer ignored. not_found for an item that is not there, field error at /until for a time
  // that has passed or is more than a year ahead.
  Result<void> ignore(const std::string& id, std::optional<TimePoint> until);

 private:
  Board(database::Database& database, EventSink& events, const Clock& clock, std::function<Facts()> facts);
  [[nodiscard]] Json view_locked() const;
  void add_ignored(std::vector<Item>& items) const;

  database::Database& database_;
  EventSink& events_;
  const Clock& clock_;
  std::function<Facts()> facts_;
  std::mutex refreshing_;
  mutable std::mutex mutex_;  // guards the following
  std::vector<Item> items_;
  std::map<std::string, TimePoint> ignored_;
  Json told_;
};

}  // namespace cell::health
