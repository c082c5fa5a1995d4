#include "api/services_routes.hpp"

#include "api/auth_gate.hpp"
#include "api/service_schemas.hpp"
#include "api/store_routes.hpp"
#include "base/atomic_file.hpp"
#include "domain/services/view.hpp"

namespace cell::api {

namespace {

using services::Active;
using services::Wish;

constexpr std::size_t kMaxIcon = 256 * 1024;
constexpr std::size_t kMaxOptions = 1024 * 1024;

Json options_schema() { return schema::map(Json::object()); }

services::ServiceFacts facts_of(const ServicesParts& parts, const Active& service,
                                const std::vector<engine::ContainerSummary>& containers) {
  services::ServiceFacts facts;
  const std::string& id = service.entry.id;
  facts.busy = parts.services.busy(id);
  facts.containers = services::container_states(service, parts.services.frame(), containers);
  facts.plugin = parts.plugin(id);
  if (const auto running = parts.services.runtime().find(id)) {
    const std::lock_guard lock(running->mutex);
    facts.plan_problem = running->problem;
  }
  if (auto options = parts.services.runtime().options_of(service.manifest, service.entry))
    facts.options = std::move(options).value();
  const auto offer = parts.store.offer(id);
  if (offer && offer->info && plugin::compare_versions(offer->listed.version, service.entry.version) > 0)
    facts.update_version = offer->listed.version;
  return facts;
}

// What somebody who is no administrator sees of a service that they have an account in.
Json for_person(Json service) {
  service["containers"] = Json::array();
  service["options"] = Json::object();
  service["options_schema"] = Json::object();
  service["panels"] = Json::array();
  service["plugin"] = nullptr;
  for (const char* member : {"problem", "job_id", "update_version"}) service.erase(member);
  return service;
}

// What is installed, or only the one of that id.
Result<Json> shown(const ServicesParts& parts, const Context& context, const std::string& only) {
  const std::string language = language_of(context);
  const bool is_admin = context.principal->is_admin;
  const auto containers = parts.engine.containers();
  const std::vector<engine::ContainerSummary> none;
  Json items = Json::array();
  for (const Active& service : parts.services.active(parts.config.snapshot()->root)) {
    if (!only.empty() && service.entry.id != only) continue;
    if (!is_admin && !service.manifest.accounts) continue;
    auto facts = facts_of(parts, service, containers ? *containers : none);
    const services::Frame frame = parts.services.frame();
    // Not for a whole list: the engine is asked for each container.
    if (is_admin && !only.empty()) facts.memory = services::memory_of(facts.containers, parts.engine);
    items.push_back(services::service_json(service, facts, frame, language));
    if (!is_admin) items.back() = for_person(std::move(items.back()));
  }
  if (!only.empty() && items.empty())
    return Error{Code::not_found, "the service '" + only.substr(0, 64) + "' is not installed",
                 "see GET /api/services"};
  return items;
}

Wish wish_of(const Context& context) {
  Wish wish;
  wish.version = json_string(context.body, "version");
  wish.options = context.body.value("options", Json::object());
  wish.plan_token = json_string(context.body, "plan_token");
  wish.accept_permissions = json_bool(context.body, "accept_permissions");
  return wish;
}

// A route that begins a job.
Route beginning(std::string method, std::string path, std::string summary,
                std::function<Result<std::string>(const Context&)> begin) {
  Route route{std::move(method), std::move(path), Access::admin, "services", std::move(summary)};
  route.response = schema::job_started();
  route.success = 202;
  route.handle = [begin = std::move(begin)](const Context& context) -> Result<http::Response> {
    return http::Response::json({{"job_id", CELL_TRY(begin(context))}});
  };
  return route;
}

std::vector<Route> reading(const ServicesParts& parts) {
  Route all{"GET", "/api/services", Access::session, "services", "Lists the installed services"};
  all.query = {"language"};
  all.response = schema::collection(schema::service());
  all.handle = [parts](const Context& context) -> Result<http::Response> {
    return http::Response::json({{"items", CELL_TRY(shown(parts, context, {}))}});
  };
  Route one{"GET", "/api/services/{id}", Access::session, "services", "Shows an installed service"};
  one.query = {"language"};
  one.response = schema::service();
  one.handle = [parts](const Context& context) -> Result<http::Response> {
    return http::Response::json(CELL_TRY(shown(parts, context, context.param("id"))).front());
  };
  Route icon{"GET", "/api/services/{id}/icon", Access::session, "services",
             "The picture of an installed service"};
  icon.media_type = "image/svg+xml";
  icon.handle = [parts](const Context& context) -> Result<http::Response> {
    const auto running = parts.services.runtime().find(context.param("id"));
    if (running && !running->package.manifest.icon.empty()) {
      const auto text = read_file(running->package.directory / running->package.manifest.icon, kMaxIcon);
      if (text) return http::Response::text(*text, "image/svg+xml");
    }
    return Error{Code::not_found, "there is no such picture"};
  };
  return {all, one, icon};
}

Route plan_route(const ServicesParts& parts) {
  Route route{"POST", "/api/services/{id}/plan", Access::admin, "services",
              "Tells what installing, updating or configuring would do; changes nothing"};
  route.query = {"language"};
  route.request = schema::object({{"version?", schema::string(64)}, {"options?", options_schema()}});
  route.response = schema::service_plan();
  route.max_body = kMaxOptions;
  route.handle = [parts](const Context& context) -> Result<http::Response> {
    const auto shown_plan = CELL_TRY(parts.services.plan(context.param("id"), wish_of(context)));
    return http::Response::json(services::to_json(shown_plan.plan, language_of(context), shown_plan.token));
  };
  return route;
}

std::vector<Route> changing(const ServicesParts& parts) {
  auto& services = parts.services;
  Route install = beginning(
      "POST", "/api/services/{id}/install", "Installs a service", [&services](const Context& context) {
        return services.install(context.param("id"), wish_of(context), context.principal->actor());
      });
  install.request = schema::object({{"version?", schema::string(64)},
                                    {"options?", options_schema()},
                                    {"plan_token", schema::string(64, 1)}});
  install.max_body = kMaxOptions;
  Route configure = beginning("PATCH", "/api/services/{id}/options", "Changes the options of a service",
                              [&services](const Context& context) {
                                return services.configure(context.param("id"), wish_of(context),
                                                          context.principal->actor());
                              });
  configure.request = schema::object({{"options", options_schema()}, {"plan_token?", schema::string(64)}});
  configure.max_body = kMaxOptions;
  Route update = beginning(
      "POST", "/api/services/{id}/update", "Updates a service", [&services](const Context& context) {
        return services.update(context.param("id"), wish_of(context), context.principal->actor());
      });
  update.request = schema::object({{"version?", schema::string(64)},
                                   {"plan_token", schema::string(64, 1)},
                                   {"accept_permissions?", schema::boolean()}});
  Route remove = beginning(
      "DELETE", "/api/services/{id}", "Removes a service; with purge=true also what people keep in it",
      [&services](const Context& context) -> Result<std::string> {
        const std::string purge = context.query("purge", "false");
        if (purge != "true" && purge != "false")
          return Error{Code::invalid_argument, "query parameter 'purge' is true or false"};
        return services.remove(context.param("id"), purge == "true", context.principal->actor());
      });
  remove.query = {"purge"};
  return {
      install,
      configure,
      update,
      remove,
      beginning("POST", "/api/services/{id}/start", "Starts a service",
                [&services](const Context& context) {
                  return services.start(context.param("id"), context.principal->actor());
                }),
      beginning("POST", "/api/services/{id}/stop", "Stops a service; it stays stopped until it is started",
                [&services](const Context& context) {
                  return services.stop(context.param("id"), context.principal->actor());
                }),
      beginning("POST", "/api/services/{id}/restart", "Restarts a service",
                [&services](const Context& context) {
                  return services.restart(context.param("id"), context.principal->actor());
                })};
}

}  // namespace

std::vector<Route> services_routes(const ServicesParts& parts) {
  std::vector<Route> routes = reading(parts);
  routes.push_back(plan_route(parts));
  for (Route& route : changing(parts)) routes.push_back(std::move(route));
  return routes;
}

}  // namespace cell::api
