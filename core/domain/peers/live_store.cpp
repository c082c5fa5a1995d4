#include "domain/peers/live.hpp"

// What of the devices' state outlives celld.
namespace cell::peers {

namespace {

constexpr const char* kHubRow = "";  // an id no device has

const std::vector<std::string> kMigrations{
    "CREATE TABLE peer_totals (peer_id TEXT PRIMARY KEY, public_key TEXT NOT NULL, rx_bytes INTEGER NOT "
    "NULL, "
    "tx_bytes INTEGER NOT NULL, raw_rx INTEGER NOT NULL, raw_tx INTEGER NOT NULL, last_handshake INTEGER NOT "
    "NULL, "
    "endpoint TEXT NOT NULL)"};

std::int64_t column(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t counter(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

Result<std::unique_ptr<Live>> Live::open(database::Database& database, EventSink& events,
                                         const Clock& clock) {
  CELL_TRY(database.migrate("peer_totals", kMigrations));
  std::unique_ptr<Live> live(new Live(database, events, clock));
  CELL_TRY(live->load());
  return live;
}

Result<void> Live::load() {
  const auto rows =
      CELL_TRY(database_.query("SELECT peer_id, public_key, rx_bytes, tx_bytes, raw_rx, raw_tx, "
                               "last_handshake, endpoint FROM peer_totals"));
  for (const database::Row& row : rows) {
    if (row.text(0) == kHubRow) {
      hub_.rx_bytes = counter(row.integer(2));
      hub_.tx_bytes = counter(row.integer(3));
      continue;
    }
    Entry& entry = entries_[row.text(0)];
    entry.public_key = row.text(1);
    entry.live.rx_bytes = counter(row.integer(2));
    entry.live.tx_bytes = counter(row.integer(3));
    entry.raw_rx = counter(row.integer(4));
    entry.raw_tx = counter(row.integer(5));
    entry.live.last_handshake = row.integer(6);
    entry.live.endpoint = row.text(7);
  }
  return {};
}

Live::Unsaved Live::take_unsaved() {
  const std::lock_guard lock(mutex_);
  Unsaved unsaved;
  for (auto& [id, entry] : entries_) {
    if (!entry.dirty) continue;
    entry.dirty = false;
    unsaved.rows.emplace_back(id, entry);
  }
  unsaved.removed.swap(removed_);
  if (unsaved.rows.empty()) return unsaved;
  Entry hub;
  hub.live.rx_bytes = hub_.rx_bytes;
  hub.live.tx_bytes = hub_.tx_bytes;
  unsaved.rows.emplace_back(kHubRow, hub);
  return unsaved;
}

void Live::give_back(Unsaved unsaved) {
  const std::lock_guard lock(mutex_);
  removed_.insert(removed_.end(), unsaved.removed.begin(), unsaved.removed.end());
  for (const auto& [id, row] : unsaved.rows) {
    const auto entry = entries_.find(id);
    if (entry != entries_.end()) entry->second.dirty = true;
  }
}

Result<void> Live::save() {
  Unsaved unsaved = take_unsaved();
  if (unsaved.rows.empty() && unsaved.removed.empty()) return {};
  auto saved = database_.transaction([&]() -> Result<void> {
    for (const std::string& id : unsaved.removed)
      CELL_TRY(database_.execute("DELETE FROM peer_totals WHERE peer_id = ?", {id}));
    for (const auto& [id, entry] : unsaved.rows) {
      CELL_TRY(database_.execute(
          "INSERT OR REPLACE INTO peer_totals (peer_id, public_key, rx_bytes, tx_bytes, raw_rx, raw_tx, "
          "last_handshake, "
          "endpoint) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          {id, entry.public_key, column(entry.live.rx_bytes), column(entry.live.tx_bytes),
           column(entry.raw_rx), column(entry.raw_tx), entry.live.last_handshake, entry.live.endpoint}));
    }
    return {};
  });
  if (!saved) give_back(std::move(unsaved));
  return saved;
}

}  // namespace cell::peers
