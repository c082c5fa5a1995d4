#pragma once

#include <vector>

#include "api/route.hpp"
#include "config/store.hpp"
#include "domain/jobs/jobs.hpp"
#include "domain/services/services.hpp"
#include "domain/store/store.hpp"

namespace cell::api {

// All references outlive the routes.
struct StoreParts {
  store::Store& store;
  services::Services& services;
  config::Store& config;
  jobs::Jobs& jobs;
};

// /api/store: what can be installed, and where it comes from. For administrators.
std::vector<Route> store_routes(const StoreParts& parts);

// Two small letters, "en" without or with something else.
std::string language_of(const Context& context);

}  // namespace cell::api
