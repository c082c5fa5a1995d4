#pragma once

#include <vector>

#include "api/route.hpp"
#include "config/store.hpp"
#include "domain/settings/place.hpp"
#include "domain/vault/vault.hpp"

namespace cell::api {

// /api/vault, for administrators, and the root certificate at /pki, for everybody: it is no secret, and a
// device needs it before it can trust anything else.
std::vector<Route> vault_routes(vault::Vault& vault);

// /api/proxy: what is served under which name, and with which certificates. For administrators.
std::vector<Route> proxy_routes(config::Store& config, vault::Vault& vault, const settings::Place& place);

}  // namespace cell::api
