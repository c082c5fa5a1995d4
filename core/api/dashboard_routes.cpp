#include "api/dashboard_routes.hpp"

namespace cell::api {

namespace {

Json health_list_schema() {
  const Json action =
      schema::nullable(schema::object({{"label", schema::string()}, {"href", schema::string(1024)}}));
  const Json item = schema::object({{"id", schema::string(512)},
                                    {"severity", schema::one_of({"problem", "attention", "info"})},
                                    {"title", schema::string(1024)},
                                    {"cause?", schema::string(4096)},
                                    {"fix?", schema::string(4096)},
                                    {"action", action},
                                    {"ignore_until", schema::nullable(schema::time())}});
  return schema::object({{"status", schema::one_of({"ok", "degraded"})}, {"items", schema::array(item)}});
}

Json dashboard_schema() {
  const Json count = schema::integer(0, INT64_MAX);
  const Json point = schema::object({{"t", schema::time()},
                                     {"cpu_percent", schema::number()},
                                     {"memory_bytes", count},
                                     {"rx_rate", schema::number()},
                                     {"tx_rate", schema::number()}});
  Json stats = point;
  for (const char* name : {"memory_total_bytes", "disk_used_bytes", "disk_total_bytes"}) {
    stats["properties"][name] = count;
    stats["required"].push_back(name);
  }
  const Json cell = schema::object({{"name", schema::string()},
                                    {"domain", schema::string()},
                                    {"version", schema::string()},
                                    {"uptime_s", count},
                                    {"endpoint", schema::string(512)},
                                    {"public_address", schema::nullable(schema::string())}});
  const Json recent =
      schema::object({{"t", schema::time()}, {"kind", schema::string()}, {"text", schema::string(1024)}});
  return schema::object(
      {{"health", health_list_schema()},
       {"cell", cell},
       {"stats", stats},
       {"history", schema::object({{"step_s", count}, {"points", schema::array(point, 2000)}})},
       {"peers", schema::object({{"total", count}, {"online", count}})},
       {"containers", schema::object({{"running", count}, {"total", count}})},
       {"certificate", schema::nullable(schema::object({{"not_after", schema::time()}}))},
       {"recent", schema::array(recent)}});
}

}  // namespace

std::vector<Route> dashboard_routes(health::Dashboard& dashboard, health::Board& board) {
  Route showing{"GET", "/api/dashboard", Access::admin, "dashboard", "Shows how the cell is"};
  showing.response = dashboard_schema();
  showing.handle = [&dashboard](const Context&) -> Result<http::Response> {
    return http::Response::json(dashboard.view());
  };

  Route ignoring{"POST", "/api/dashboard/items/{id}/ignore", Access::admin, "dashboard",
                 "Ignores a health item until a time, or no longer (null)"};
  ignoring.request = schema::object({{"until", schema::nullable(schema::time())}});
  ignoring.response = health_list_schema();
  ignoring.handle = [&board](const Context& context) -> Result<http::Response> {
    std::optional<TimePoint> until;
    if (context.body["until"].is_string())
      until = CELL_TRY(parse_time(context.body["until"].get<std::string>()));
    CELL_TRY(board.ignore(context.param("id"), until));
    return http::Response::json(board.view());
  };
  return {showing, ignoring};
}

}  // namespace cell::api
