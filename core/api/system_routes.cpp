#include "api/system_routes.hpp"

#include "base/version.hpp"

namespace cell::api {

namespace {

Json health_schema() {
  return schema::object({{"status", schema::one_of({"ok", "degraded", "starting"})},
                         {"ready", schema::boolean()},
                         {"version", schema::string()},
                         {"instance", schema::string()},
                         {"setup_complete", schema::boolean()},
                         {"uptime_s", schema::integer(0, INT64_MAX)},
                         {"components", schema::array(schema::object(
                                            {{"name", schema::string()},
                                             {"state", schema::one_of({"ok", "degraded", "down", "pending"})},
                                             {"detail?", schema::string(1024)}}))}});
}

Json to_json(const HealthComponent& component) {
  Json json{{"name", component.name}, {"state", component.state}};
  if (!component.detail.empty()) json["detail"] = component.detail;
  return json;
}

Json job_schema() {
  const Json state = schema::one_of({"queued", "running", "done", "failed", "cancelled"});
  return schema::object({{"id", schema::string()},
                         {"kind", schema::string()},
                         {"title", schema::string()},
                         {"actor", schema::string()},
                         {"target", schema::string()},
                         {"state", state},
                         {"progress", schema::number()},
                         {"phases", schema::array(schema::object({{"name", schema::string()},
                                                                  {"state", state},
                                                                  {"done", schema::number()},
                                                                  {"total", schema::number()},
                                                                  {"unit", schema::string()}}))},
                         {"error?", schema::object({{"code", schema::string()},
                                                    {"message", schema::string(1024)},
                                                    {"cause", schema::string(1024)},
                                                    {"fix", schema::string(1024)}})},
                         {"created_at", schema::time()},
                         {"started_at?", schema::time()},
                         {"ended_at?", schema::time()}});
}

}  // namespace

std::vector<Route> health_routes(std::string instance, std::function<bool()> setup_complete,
                                 const Clock& clock,
                                 std::function<std::vector<HealthComponent>()> components) {
  Route health{"GET", "/health", Access::open, "system", "Tells whether the cell is well"};
  health.response = health_schema();
  health.handle = [instance = std::move(instance), setup_complete = std::move(setup_complete), &clock,
                   started = clock.steady(),
                   components = std::move(components)](const Context&) -> Result<http::Response> {
    Json list = Json::array();
    bool well = true;
    for (const HealthComponent& component : components()) {
      well = well && component.state == "ok";
      list.push_back(to_json(component));
    }
    const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(clock.steady() - started).count();
    return http::Response::json({{"status", well ? "ok" : "degraded"},
                                 {"ready", true},
                                 {"version", version()},
                                 {"instance", instance},
                                 {"setup_complete", setup_complete()},
                                 {"uptime_s", uptime},
                                 {"components", std::move(list)}});
  };
  return {health};
}

std::vector<Route> event_routes(http::Broadcaster& broadcaster, StillAdmitted still_admitted) {
  Route events{"GET", "/api/events", Access::session, "events", "Streams what changes (Server-Sent Events)"};
  events.media_type = "text/event-stream";
  events.handle = [&broadcaster, still_admitted = std::move(still_admitted)](
                      const Context& context) -> Result<http::Response> {
    http::Response response = http::Response::text("", "text/event-stream");
    response.stream = [&broadcaster, last = std::string(context.request.header("Last-Event-ID")),
                       principal = *context.principal,
                       still_admitted](std::shared_ptr<http::EventStream> stream) {
      stream->send("hello", dump_json({{"version", version()}}));
      const std::string audience = principal.is_admin ? std::string() : principal.user_id;
      broadcaster.join(std::move(stream), last, principal.session_id, audience,
                       [still_admitted, principal] { return still_admitted(principal); });
    };
    return response;
  };
  return {events};
}

std::vector<Route> jobs_routes(jobs::Jobs& jobs) {
  Route list{"GET", "/api/jobs", Access::admin, "jobs", "Lists the jobs, newest first"};
  list.response = schema::collection(job_schema());
  list.handle = [&jobs](const Context&) -> Result<http::Response> {
    return http::Response::json({{"items", jobs.list()}});
  };

  Route one{"GET", "/api/jobs/{id}", Access::admin, "jobs", "Reads a job"};
  one.response = job_schema();
  one.handle = [&jobs](const Context& context) -> Result<http::Response> {
    return http::Response::json(CELL_TRY(jobs.get(context.param("id"))));
  };

  Route cancel{"POST", "/api/jobs/{id}/cancel", Access::admin, "jobs", "Asks a job to stop"};
  cancel.success = 204;
  cancel.handle = [&jobs](const Context& context) -> Result<http::Response> {
    CELL_TRY(jobs.cancel(context.param("id")));
    return http::Response::empty();
  };

  Route dismiss{"DELETE", "/api/jobs/{id}", Access::admin, "jobs", "Removes an ended job from the list"};
  dismiss.success = 204;
  dismiss.handle = [&jobs](const Context& context) -> Result<http::Response> {
    CELL_TRY(jobs.dismiss(context.param("id")));
    return http::Response::empty();
  };
  return {list, one, cancel, dismiss};
}

std::vector<Route> openapi_routes(const Api& api) {
  Route document{"GET", "/api/openapi.json", Access::open, "system", "Describes this API (OpenAPI 3.1)"};
  document.response = schema::map(true);
  document.before_setup = true;
  document.handle = [&api](const Context&) -> Result<http::Response> {
    return http::Response::json(api.openapi());
  };
  return {document};
}

}  // namespace cell::api
