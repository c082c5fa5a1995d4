#pragma once

#include <memory>
#include <vector>

#include "api/peers_parts.hpp"
#include "api/route.hpp"
#include "domain/identity/identity.hpp"
#include "domain/peers/address_limit.hpp"

namespace cell::api {

// /api/enrol/{token}: open to whoever holds the link. Looking uses nothing up; POST does, once. Thirty calls
// a minute from one address. The token is in no log and no error.
std::vector<Route> enrol_routes(const PeersParts& parts, identity::Identity& identity,
                                std::shared_ptr<peers::AddressLimit> limit);

}  // namespace cell::api
