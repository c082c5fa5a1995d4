#include "api/exits_routes.hpp"

#include "api/store_routes.hpp"
#include "domain/services/convergence.hpp"
#include "domain/services/desired_parts.hpp"

namespace cell::api {

namespace {

using services::Active;
using services::ContainerHealth;

// Of the container that the exit is. What devices send to one that is not up is dropped.
std::string state_of(const Active& service, const std::string& container_name,
                     const std::vector<services::ContainerState>& containers) {
  if (!service.entry.enabled) return "stopped";
  const auto found =
      std::find_if(containers.begin(), containers.end(),
                   [&](const services::ContainerState& state) { return state.name == container_name; });
  if (found == containers.end()) return "down";
  if (found->health == ContainerHealth::starting) return "starting";
  return found->health == ContainerHealth::healthy ? "up" : "down";
}

// Of those that the asker may see.
std::int64_t devices_through(const Json& root, const Principal& principal, const std::string& name) {
  const Json& peers = json_member(root, "peers");
  return std::count_if(peers.begin(), peers.end(), [&](const Json& peer) {
    const bool is_seen = principal.is_admin || json_string(peer, "owner_id") == principal.user_id;
    return is_seen && json_string(peer, "exit") == name;
  });
}

Result<http::Response> list(const ServicesParts& parts, const Context& context) {
  const std::string language = language_of(context);
  const config::Snapshot document = parts.config.snapshot();
  const services::Frame frame = parts.services.frame();
  const auto there = CELL_TRY(parts.engine.containers());
  Json items = Json::array();
  for (const Active& service : parts.services.active(document->root)) {
    const auto containers = services::container_states(service, frame, there);
    for (const plugin::ExitWish& exit : service.parts.exits) {
      const std::string name = services::exit_name(service.entry.id, exit.id);
      const std::string container = services::object_name(frame, service.entry.id, exit.container);
      items.push_back({{"id", name},
                       {"service_id", service.entry.id},
                       {"name", plugin::in_language(exit.name, language)},
                       {"ipv6", exit.ipv6},
                       {"state", state_of(service, container, containers)},
                       {"devices", devices_through(document->root, *context.principal, name)}});
    }
  }
  return http::Response::json({{"items", std::move(items)}});
}

}  // namespace

std::vector<Route> exits_routes(const ServicesParts& parts) {
  Route all{"GET", "/api/exits", Access::session, "exits",
            "Lists the ways to the internet that installed services offer to devices"};
  all.query = {"language"};
  all.response =
      schema::collection(schema::object({{"id", schema::string(100)},
                                         {"service_id", schema::string(64)},
                                         {"name", schema::text(4000)},
                                         {"ipv6", schema::boolean()},
                                         {"state", schema::one_of({"up", "starting", "down", "stopped"})},
                                         {"devices", schema::integer(0, 100'000)}}));
  all.handle = [parts](const Context& context) { return list(parts, context); };
  return {all};
}

}  // namespace cell::api
