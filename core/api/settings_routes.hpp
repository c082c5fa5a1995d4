#pragma once

#include "api/route.hpp"
#include "config/store.hpp"
#include "domain/jobs/jobs.hpp"

namespace cell::api {

// /api/settings and /api/config/revisions, for administrators. Going back is a job; the people and their
// passwords stay as they are (settings::restored).
std::vector<Route> settings_routes(config::Store& config, jobs::Jobs& jobs);

}  // namespace cell::api
