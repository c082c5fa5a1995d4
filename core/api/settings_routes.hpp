#pragma once

#include "api/route.hpp"
#include "config/store.hpp"
#include "domain/jobs/jobs.hpp"

namespace cell::api {

// /api/settings and /api/config/revisions, for administrators. Going back is a job; the people and their
// passwords stay as they are (settings::restored). `restored` is called after each.
std::vector<Route> settings_routes(config::Store& config, jobs::Jobs& jobs, std::function<void()> restored);

}  // namespace cell::api
