#pragma once

#include <vector>

#include "api/services_parts.hpp"

namespace cell::api {

// /api/exits: the ways to the internet that installed services offer to devices.
std::vector<Route> exits_routes(const ServicesParts& parts);

}  // namespace cell::api
