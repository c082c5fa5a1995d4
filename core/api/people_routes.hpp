#pragma once

#include <vector>

#include "api/route.hpp"
#include "domain/identity/identity.hpp"

namespace cell::api {

// /api/people, for administrators.
std::vector<Route> people_routes(identity::Identity& identity);

}  // namespace cell::api
