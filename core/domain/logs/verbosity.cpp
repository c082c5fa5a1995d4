#include "domain/logs/verbosity.hpp"

#include <set>

#include "base/atomic_file.hpp"

namespace cell::logs {

namespace {

constexpr std::size_t kMaxOldFile = 256 * 1024;

// Its agent takes a level only when it starts.
bool needs_restart(const std::string& container) { return container == "wireguard"; }

}  // namespace

Result<std::unique_ptr<Verbosity>> Verbosity::open(Parts parts) {
  CELL_TRY(parts.database.migrate(
      "verbosity", {"CREATE TABLE log_level_changes(name TEXT PRIMARY KEY, at INTEGER NOT NULL)"}));
  return std::unique_ptr<Verbosity>(new Verbosity(std::move(parts)));
}

Levels Verbosity::in_force(const Json& document) const {
  Levels levels = levels_of(document);
  if (std::string root = parts_.root_before_document(); !root.empty()) levels.root = std::move(root);
  return levels;
}

Json Verbosity::view() const {
  const Levels levels = in_force(parts_.config.snapshot()->root);
  Json services = Json::object();
  for (const std::string& name : parts_.core_services()) services[name] = levels.root;
  for (const auto& [name, level] : levels.services) services[name] = level;
  return {{"core", {{"root", levels.root}, {"services", std::move(services)}}},
          {"containers", levels.containers},
          {"entries", entries()}};
}

bool Verbosity::is_pending(const std::string& container) const {
  if (!needs_restart(container)) return false;
  const auto rows = parts_.database.query("SELECT at FROM log_level_changes WHERE name = ?", {container});
  if (!rows || rows->empty()) return false;
  const auto started = parts_.hub_started_at();
  // One that does not run reads its level when it starts.
  return started && to_unix(*started) <= rows->front().integer(0);
}

Json Verbosity::entries() const {
  const Levels levels = in_force(parts_.config.snapshot()->root);
  Json list = Json::array();
  const auto add = [&](const std::string& name, const std::string& level, bool pending) {
    list.push_back({{"name", name}, {"level", level}, {"applied", pending ? "pending_restart" : "hot"}});
  };
  add("root", levels.root, false);
  for (const auto& [name, level] : levels.services) add(name, level, false);
  for (const auto& [name, level] : levels.containers) add(name, level, is_pending(name));
  return list;
}

Result<Json> Verbosity::change(const Json& body, const config::CommitOptions& options) {
  const auto services = parts_.core_services();
  const Levels before = levels_of(parts_.config.snapshot()->root);
  const bool sets_core = body.contains("core") || body.contains("python");
  Levels after;
  const config::Edit edit = [&](Json& root) -> Result<void> {
    // What is not said about the core stays as it is shown, which the document then says.
    const Levels now = sets_core ? in_force(root) : levels_of(root);
    after = CELL_TRY(changed_levels(now, body, {services.begin(), services.end()}));
    set_levels(root, after);
    return {};
  };
  CELL_TRY(parts_.config.commit(options, edit));
  if (sets_core) parts_.core_changed();
  for (const auto& [name, level] : after.containers) {
    const auto old = before.containers.find(name);
    if (!needs_restart(name) || (old != before.containers.end() && old->second == level)) continue;
    CELL_TRY(parts_.database.execute("INSERT OR REPLACE INTO log_level_changes(name, at) VALUES(?, ?)",
                                     {name, to_unix(parts_.clock.now())}));
  }
  return Json{{"entries", entries()}};
}

Result<bool> Verbosity::migrate(const std::filesystem::path& file) {
  const auto text = read_file(file, kMaxOldFile);
  if (!text) return text.error().code == Code::not_found ? Result<bool>(false) : Result<bool>(text.error());
  if (const auto old = parse_json(*text); old && old->is_object()) {
    const config::Edit edit = [&](Json& root) -> Result<void> {
      set_levels(root, with_old_levels(levels_of(root), *old));
      return {};
    };
    CELL_TRY(parts_.config.commit({"system", "log levels taken over from log_levels.json"}, edit));
  }
  std::error_code failed;
  std::filesystem::rename(file, file.string() + ".migrated", failed);
  if (failed) return from_errno(failed.value(), "cannot rename '" + file.string() + "'");
  return true;
}

}  // namespace cell::logs
