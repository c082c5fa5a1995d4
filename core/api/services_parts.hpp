#pragma once

#include <functional>
#include <memory>

#include "api/route.hpp"
#include "config/store.hpp"
#include "domain/identity/identity.hpp"
#include "domain/services/services.hpp"
#include "domain/store/store.hpp"
#include "engine/client.hpp"
#include "plugin/instance.hpp"

namespace cell::api {

// What the routes of services are made of. All references outlive them.
struct ServicesParts {
  services::Services& services;
  store::Store& store;
  config::Store& config;
  engine::Engine& engine;
  // {mode, failures, last_failure?, quarantined} of a loaded plugin; null: it is not loaded.
  std::function<Json(const std::string& id)> plugin;
};

}  // namespace cell::api
