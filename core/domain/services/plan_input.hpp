#pragma once

#include <vector>

#include "base/json.hpp"
#include "domain/services/accounts.hpp"
#include "domain/services/active.hpp"

namespace cell::services {

// What a package's plan() is called with: see sdk/include/cell/abi.h. `options` with defaults and secrets.
// Pure.
Json plan_input(const Json& root, const plugin::Manifest& manifest, const settings::ServiceEntry& entry,
                const Json& options, const Json& secrets, const std::vector<Account>& accounts);

// Login as the service wants it: "ada", or "ada@home.cell".
std::string login_for(const plugin::Manifest& manifest, const std::string& login, const std::string& domain);

}  // namespace cell::services
