#pragma once

#include <vector>

#include "api/services_parts.hpp"

namespace cell::api {

// /api/services: what is installed, and its life. For administrators.
std::vector<Route> services_routes(const ServicesParts& parts);
// Accounts, quotas and app passwords; people see to their own passwords.
std::vector<Route> service_accounts_routes(const ServicesParts& parts);
// /api/services/{id}/x/…: what plugins serve themselves.
std::vector<Route> service_own_routes(const ServicesParts& parts);

}  // namespace cell::api
