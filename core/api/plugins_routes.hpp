#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/route.hpp"
#include "config/store.hpp"

namespace cell::api {

// What the routes of plugins ask of whoever hosts them.
struct PluginsParts {
  std::function<Json()> list;  // items of GET /api/plugins
  std::function<Result<void>(const std::string& id)> release;
  // Hosts it in a process of its own, or in celld's; nothing: as the product does by itself.
  std::function<Result<void>(const std::string& id, std::optional<bool> isolated,
                             const config::CommitOptions& options)>
      isolate;
};

// /api/plugins: the code of services, and how it fares. For administrators.
std::vector<Route> plugins_routes(const PluginsParts& parts);

}  // namespace cell::api
