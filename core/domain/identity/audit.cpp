#include "domain/identity/audit.hpp"

#include <limits>

namespace cell::identity {

namespace {

constexpr std::size_t kMaxText = 512;

const std::vector<std::string> kMigrations{
    "CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL, actor TEXT NOT NULL, "
    "action TEXT NOT NULL, target TEXT NOT NULL, result TEXT NOT NULL, address TEXT NOT NULL)",
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"};

std::string shortened(const std::string& text) { return text.substr(0, kMaxText); }

}  // namespace

Audit::Audit(database::Database& database, const Clock& clock, log::Logger log)
    : database_(database), clock_(clock), log_(std::move(log)) {}

Result<std::unique_ptr<Audit>> Audit::open(database::Database& database, const Clock& clock,
                                           log::Logger log) {
  CELL_TRY(database.migrate("audit", kMigrations));
  return std::unique_ptr<Audit>(new Audit(database, clock, std::move(log)));
}

void Audit::record(AuditEntry entry) {
  const auto written = database_.execute(
      "INSERT INTO audit (t, actor, action, target, result, address) VALUES (?, ?, ?, ?, ?, ?)",
      {to_unix(clock_.now()), shortened(entry.actor), shortened(entry.action), shortened(entry.target),
       shortened(entry.result), shortened(entry.address)});
  if (written) return;
  log_.error("audit line not stored, it stands here instead", {{"actor", entry.actor},
                                                               {"action", entry.action},
                                                               {"target", entry.target},
                                                               {"result", entry.result},
                                                               {"address", entry.address},
                                                               {"reason", written.error().message}});
}

Result<Audit::Page> Audit::list(std::size_t limit, std::int64_t before) const {
  const std::int64_t from = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  const auto rows = CELL_TRY(database_.query(
      "SELECT id, t, actor, action, target, result, address FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
      {from, static_cast<std::int64_t>(limit) + 1}));
  Page page;
  for (const database::Row& row : rows) {
    if (page.entries.size() == limit) {
      page.next = page.entries.back().id;
      break;
    }
    page.entries.push_back({row.integer(0), from_unix(row.integer(1)), row.text(2), row.text(3), row.text(4),
                            row.text(5), row.text(6)});
  }
  return page;
}

}  // namespace cell::identity
