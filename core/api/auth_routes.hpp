#pragma once

#include <vector>

#include "api/route.hpp"
#include "domain/identity/identity.hpp"

namespace cell::api {

// /api/auth/login, logout, session, sessions, password.
std::vector<Route> auth_routes(identity::Identity& identity);

}  // namespace cell::api
