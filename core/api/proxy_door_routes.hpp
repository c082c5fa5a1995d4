#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/route.hpp"
#include "config/store.hpp"
#include "domain/identity/doors.hpp"

namespace cell::api {

// All references outlive the routes.
struct ProxyDoorParts {
  identity::Doors& doors;
  config::Store& config;
  // Login of a person, which services are told.
  std::function<std::string(const identity::Person&)> login_of;
};

// /api/auth/proxy: what the proxy asks before it lets a request through to a service that is for people who
// are logged in, and how a browser gets there.
std::vector<Route> proxy_door_routes(const ProxyDoorParts& parts);

}  // namespace cell::api
