#pragma once

#include <vector>

#include "api/route.hpp"
#include "domain/identity/identity.hpp"
#include "domain/setup/setup.hpp"

namespace cell::api {

// /api/setup. Whoever completes the set-up is logged in by that.
std::vector<Route> setup_routes(setup::SetupService& setup, identity::Identity& identity);

// What set-up needs of `identity`, which must outlive it.
setup::Admins setup_admins(identity::Identity& identity);

}  // namespace cell::api
