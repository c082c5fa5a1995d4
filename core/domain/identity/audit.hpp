#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "database/database.hpp"

namespace cell::identity {

struct AuditEntry {
  std::int64_t id = 0;
  TimePoint time{};
  std::string actor;   // a person's name, "name (token)", "system" or "unknown"
  std::string action;  // "POST /api/peers", "auth.login"
  std::string target;  // the path or the name acted on
  std::string result;  // "ok", or the status of the refusal
  std::string address;
};

// Append-only: the database itself refuses to change or delete a line. Thread: any.
class Audit {
 public:
  static Result<std::unique_ptr<Audit>> open(database::Database& database, const Clock& clock,
                                             log::Logger log);
  // `id` and `time` are given here. A line that can't be written is logged instead; it never stops the act.
  void record(AuditEntry entry);
  struct Page {
    std::vector<AuditEntry> entries;  // newest first
    std::int64_t next = 0;            // `before` of the next page; 0: there is none
  };
  // Lines older than `before`; 0: from the newest on.
  [[nodiscard]] Result<Page> list(std::size_t limit, std::int64_t before = 0) const;

 private:
  Audit(database::Database& database, const Clock& clock, log::Logger log);
  database::Database& database_;
  const Clock& clock_;
  log::Logger log_;
};

}  // namespace cell::identity
