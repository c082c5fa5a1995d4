#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "config/store.hpp"
#include "database/database.hpp"
#include "domain/logs/levels.hpp"

namespace cell::logs {

// How much each part writes: section `logging` of the configuration. Whoever puts a level into force
// (log::Logs for the core, the renderers for Caddy, CoreDNS and the hub) reads it there; this class only says
// whether that has happened yet. Thread: any.
class Verbosity {
 public:
  struct Parts {
    config::Store& config;
    database::Database& database;
    const Clock& clock;
    std::function<std::vector<std::string>()> core_services;  // that have a logger
    // When the container of the hub was last started; nothing when it does not run.
    std::function<std::optional<TimePoint>()> hub_started_at;
    // A root level of the core that comes before the document's; empty: none. It ends when levels of the core
    // are set, which `core_changed` is told of after the commit.
    std::function<std::string()> root_before_document = [] { return std::string(); };
    std::function<void()> core_changed = [] {};
  };
  static Result<std::unique_ptr<Verbosity>> open(Parts parts);

  // {core: {root, services}, containers, entries}; services without a level of their own are shown with the
  // root's.
  [[nodiscard]] Json view() const;
  // Body {core?: {root?, services?}, containers?}, `python` for `core`. Checks everything, then commits once.
  // A service whose level is the root's follows the root. Answers {entries}.
  Result<Json> change(const Json& body, const config::CommitOptions& options);

  // Takes over `log_levels.json` of earlier versions, once: a map of names to levels, or the sections of
  // `change`. The file is renamed to log_levels.json.migrated. True: there was one. Levels that are not
  // understood are left out.
  Result<bool> migrate(const std::filesystem::path& file);

 private:
  explicit Verbosity(Parts parts) : parts_(std::move(parts)) {}
  [[nodiscard]] Json entries() const;
  [[nodiscard]] Levels in_force(const Json& document) const;
  [[nodiscard]] bool is_pending(const std::string& container) const;

  Parts parts_;
};

}  // namespace cell::logs
