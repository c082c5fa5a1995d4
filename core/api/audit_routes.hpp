#pragma once

#include <vector>

#include "api/route.hpp"
#include "domain/identity/identity.hpp"

namespace cell::api {

// /api/audit, for administrators.
std::vector<Route> audit_routes(identity::Identity& identity);

}  // namespace cell::api
