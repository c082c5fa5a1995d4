#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/route.hpp"
#include "domain/identity/identity.hpp"

namespace cell::api {

// /api/auth/tokens. `tags` names what scopes may begin with: the tags of all routes, known once all are
// there.
std::vector<Route> tokens_routes(identity::Identity& identity,
                                 std::function<std::vector<std::string>()> tags);

}  // namespace cell::api
