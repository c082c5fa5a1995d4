#include "api/plugins_routes.hpp"

#include "api/auth_gate.hpp"

namespace cell::api {

namespace {

Json plugin_schema() {
  const Json failure =
      schema::object({{"at", schema::time()}, {"call", schema::string()}, {"message", schema::text(4096)}});
  return schema::object({{"id", schema::string()},
                         {"version", schema::string()},
                         {"mode", schema::string()},
                         {"abi", schema::string()},
                         {"state", schema::one_of({"ok", "quarantined", "failing", "stopped"})},
                         {"failures", schema::integer(0, INT64_MAX)},
                         {"last_failure?", failure},
                         {"quarantined_since?", schema::time()},
                         {"memory_bytes?", schema::integer(0, INT64_MAX)}});
}

Result<http::Response> shown(const PluginsParts& parts, const std::string& id) {
  for (const Json& item : parts.list()) {
    if (json_string(item, "id") == id) return http::Response::json(item);
  }
  return Error{Code::not_found, "there is no plugin '" + id.substr(0, 64) + "'", "see GET /api/plugins"};
}

}  // namespace

std::vector<Route> plugins_routes(const PluginsParts& parts) {
  Route listing{"GET", "/api/plugins", Access::admin, "plugins", "Lists the plugins and how they fare"};
  listing.response = schema::collection(plugin_schema());
  listing.handle = [parts](const Context&) -> Result<http::Response> {
    return http::Response::json({{"items", parts.list()}});
  };
  Route releasing{"POST", "/api/plugins/{id}/release", Access::admin, "plugins",
                  "Takes a plugin out of quarantine and loads it again"};
  releasing.response = plugin_schema();
  releasing.handle = [parts](const Context& context) -> Result<http::Response> {
    CELL_TRY(parts.release(context.param("id")));
    return shown(parts, context.param("id"));
  };
  Route changing{"PATCH", "/api/plugins/{id}", Access::admin, "plugins",
                 "Sets whether a plugin runs in a process of its own"};
  changing.request = schema::object({{"isolated", schema::nullable(schema::boolean())}});
  changing.response = plugin_schema();
  changing.handle = [parts](const Context& context) -> Result<http::Response> {
    std::optional<bool> isolated;
    if (context.body["isolated"].is_boolean()) isolated = context.body["isolated"].get<bool>();
    const std::string id = context.param("id");
    CELL_TRY(parts.isolate(id, isolated,
                           commit_options(context, "how plugin '" + id.substr(0, 64) + "' is hosted")));
    return shown(parts, id);
  };
  return {listing, releasing, changing};
}

}  // namespace cell::api
