#include "domain/health/board.hpp"

namespace cell::health {

namespace {

constexpr std::chrono::hours kLongestIgnored{366 * 24};

}  // namespace

Board::Board(database::Database& database, EventSink& events, const Clock& clock,
             std::function<Facts()> facts)
    : database_(database), events_(events), clock_(clock), facts_(std::move(facts)) {}

Result<std::unique_ptr<Board>> Board::open(database::Database& database, EventSink& events,
                                           const Clock& clock, std::function<Facts()> facts) {
  CELL_TRY(database.migrate("health",
                            {"CREATE TABLE ignored_items(id TEXT PRIMARY KEY, until INTEGER NOT NULL)"}));
  CELL_TRY(database.execute("DELETE FROM ignored_items WHERE until <= ?", {to_unix(clock.now())}));
  std::unique_ptr<Board> board(new Board(database, events, clock, std::move(facts)));
  for (const database::Row& row : CELL_TRY(database.query("SELECT id, until FROM ignored_items"))) {
    board->ignored_[row.text(0)] = from_unix(row.integer(1));
  }
  return board;
}

void Board::add_ignored(std::vector<Item>& items) const {
  const TimePoint now = clock_.now();
  for (Item& item : items) {
    const auto found = ignored_.find(item.id);
    item.ignore_until =
        found != ignored_.end() && found->second > now ? std::optional(found->second) : std::nullopt;
  }
}

void Board::refresh() {
  const std::lock_guard one_at_a_time(refreshing_);
  std::vector<Item> items = items_of(facts_());
  Json view;
  {
    const std::lock_guard lock(mutex_);
    add_ignored(items);
    items_ = std::move(items);
    view = view_locked();
    if (view == told_) return;
    told_ = view;
  }
  events_.publish("health", view);
}

std::vector<Item> Board::items() const {
  const std::lock_guard lock(mutex_);
  return items_;
}

Json Board::view() const {
  const std::lock_guard lock(mutex_);
  return view_locked();
}

Json Board::view_locked() const {
  Json list = Json::array();
  bool well = true;
  for (const Item& item : items_) {
    list.push_back(to_json(item));
    well = well && (item.severity == Severity::info || item.ignore_until.has_value());
  }
  return {{"status", well ? "ok" : "degraded"}, {"items", std::move(list)}};
}

Result<void> Board::ignore(const std::string& id, std::optional<TimePoint> until) {
  const TimePoint now = clock_.now();
  if (until && *until <= now) return field_error("/until", "this time has passed already");
  if (until && *until > now + kLongestIgnored)
    return field_error("/until", "nothing is ignored for more than a year");
  Json view;
  {
    const std::lock_guard lock(mutex_);
    const bool known =
        std::any_of(items_.begin(), items_.end(), [&](const Item& item) { return item.id == id; });
    if (!known)
      return Error{Code::not_found, "there is no such item", "see GET /api/dashboard for the ones there are"};
    if (until) {
      CELL_TRY(database_.execute("INSERT OR REPLACE INTO ignored_items(id, until) VALUES(?, ?)",
                                 {id, to_unix(*until)}));
      ignored_[id] = *until;
    } else {
      CELL_TRY(database_.execute("DELETE FROM ignored_items WHERE id = ?", {id}));
      ignored_.erase(id);
    }
    add_ignored(items_);
    view = view_locked();
    told_ = view;
  }
  events_.publish("health", view);
  return {};
}

}  // namespace cell::health
