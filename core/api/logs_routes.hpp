#pragma once

#include <filesystem>

#include "api/route.hpp"
#include "domain/logs/follower.hpp"
#include "domain/logs/verbosity.hpp"

namespace cell::api {

// /api/logs (search), /api/logs/follow (Server-Sent Events, tagged with the session and ended some seconds
// after `still_admitted` says no) and /api/logs/verbosity,
// for administrators. They cover celld's own services; what a container writes is under
// /api/containers/{name}/logs.
std::vector<Route> logs_routes(std::filesystem::path directory, logs::Follower& follower,
                               logs::Verbosity& verbosity, StillAdmitted still_admitted);

}  // namespace cell::api
