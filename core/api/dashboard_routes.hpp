#pragma once

#include "api/route.hpp"
#include "domain/health/dashboard.hpp"

namespace cell::api {

// /api/dashboard and POST /api/dashboard/items/{id}/ignore {until: time or null}, for administrators.
std::vector<Route> dashboard_routes(health::Dashboard& dashboard, health::Board& board);

}  // namespace cell::api
