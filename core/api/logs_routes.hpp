#pragma once

#include <filesystem>

#include "api/route.hpp"
#include "domain/logs/follower.hpp"
#include "domain/logs/verbosity.hpp"

namespace cell::api {

// /api/logs (search), /api/logs/follow (Server-Sent Events, tagged with the session) and /api/logs/verbosity,
// for administrators. They cover celld's own services; what a container writes is under
// /api/containers/{name}/logs.
std::vector<Route> logs_routes(std::filesystem::path directory, logs::Follower& follower,
                               logs::Verbosity& verbosity);

}  // namespace cell::api
