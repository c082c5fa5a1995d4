#include "domain/services/plugin_services.hpp"

namespace cell::services {

namespace {

constexpr std::size_t kMaxReply = 1024 * 1024;

class DatabaseState final : public plugin::StateStore {
 public:
  explicit DatabaseState(database::Database& database) : database_(database) {}

  Result<std::optional<Json>> get(const std::string& id, const std::string& key) override {
    const auto rows =
        CELL_TRY(database_.query("SELECT value FROM service_state WHERE service = ? AND key = ?", {id, key}));
    if (rows.empty()) return std::optional<Json>{};
    return std::optional(CELL_TRY(parse_json(rows.front().text(0))));
  }
  Result<void> put(const std::string& id, const std::string& key, const Json& value) override {
    return database_.execute("INSERT OR REPLACE INTO service_state(service, key, value) VALUES(?, ?, ?)",
                             {id, key, dump_json(value)});
  }
  Result<void> remove(const std::string& id, const std::string& key) override {
    return database_.execute("DELETE FROM service_state WHERE service = ? AND key = ?", {id, key});
  }
  Result<std::vector<std::string>> keys(const std::string& id, const std::string& prefix) override {
    std::vector<std::string> keys;
    for (const auto& row : CELL_TRY(database_.query(
             "SELECT key FROM service_state WHERE service = ? AND substr(key, 1, ?) = ? ORDER BY key",
             {id, static_cast<std::int64_t>(prefix.size()), prefix})))
      keys.push_back(row.text(0));
    return keys;
  }
  Result<plugin::StateUse> use_without(const std::string& id, const std::string& key) override {
    const auto rows = CELL_TRY(
        database_.query("SELECT coalesce(sum(length(CAST(value AS BLOB))), 0), count(*) FROM service_state "
                        "WHERE service = ? AND key <> ?",
                        {id, key}));
    return plugin::StateUse{static_cast<std::size_t>(rows.front().integer(0)),
                            static_cast<std::size_t>(rows.front().integer(1))};
  }

 private:
  database::Database& database_;
};

}  // namespace

Result<std::unique_ptr<PluginServices>> PluginServices::open(Parts parts) {
  CELL_TRY(parts.database.migrate(
      "service_state",
      {"CREATE TABLE service_state(service TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, "
       "PRIMARY KEY(service, key))"}));
  auto state = std::make_unique<DatabaseState>(parts.database);
  return std::unique_ptr<PluginServices>(new PluginServices(std::move(parts), std::move(state)));
}

Result<void> PluginServices::forget(const std::string& id) {
  return parts_.database.execute("DELETE FROM service_state WHERE service = ?", {id});
}

Result<std::string> PluginServices::secret(const plugin::Manifest& manifest, const std::string& name) {
  for (const Json& values :
       {CELL_TRY(parts_.secrets.values(manifest.id)), CELL_TRY(parts_.secrets.options(manifest.id))}) {
    const auto found = values.find(name);
    if (found != values.end()) return found->is_string() ? found->get<std::string>() : dump_json(*found);
  }
  return Error{Code::not_found, "the secret '" + name + "' has no value yet"};
}

Result<plugin::ExecAnswer> PluginServices::exec(const std::string& id, const plugin::ExecWish& wish) {
  const Frame frame = parts_.frame();
  const std::string name = object_name(frame, id, wish.container);
  const auto containers = CELL_TRY(parts_.engine.containers(
      {{reconcile::kLabelInstance, frame.core.instance}, {reconcile::kLabelOwner, id}}));
  const auto found = std::find_if(containers.begin(), containers.end(),
                                  [&](const auto& container) { return container.name == name; });
  if (found == containers.end())
    return Error{Code::not_found, "the service has no container '" + wish.container + "'"};
  if (found->state != "running") return Error{Code::unavailable, "container '" + name + "' does not run"};
  if (!wish.input.empty())
    return Error{Code::unsupported, "this cell hands a program in a container no standard input",
                 "give it as an argument"};
  auto done = CELL_TRY(parts_.engine.exec(name, wish.command, wish.limit));
  return plugin::ExecAnswer{done.exit_code, std::move(done.out), std::move(done.err)};
}

Result<void> PluginServices::request_plan(const std::string& id) {
  parts_.replan("the plugin of '" + id + "' asked for it");
  return {};
}

Result<void> PluginServices::emit(const std::string& id, const std::string& type, const Json& data) {
  parts_.events.publish("plugin", {{"service", id}, {"type", type}, {"data", data}});
  return {};
}

Result<plugin::FetchAnswer> PluginServices::fetch(const std::string&, const plugin::FetchWish& wish) {
  http::ClientRequest request;
  request.method = wish.method;
  request.url = wish.url;
  request.headers = wish.headers;
  request.body = wish.body;
  request.limit = wish.limit;
  request.max_reply = kMaxReply;
  auto reply = CELL_TRY(parts_.fetch(request));
  return plugin::FetchAnswer{reply.status, std::move(reply.headers), std::move(reply.body)};
}

}  // namespace cell::services
