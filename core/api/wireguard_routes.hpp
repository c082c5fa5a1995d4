#pragma once

#include <vector>

#include "api/peers_parts.hpp"
#include "api/route.hpp"

namespace cell::api {

// /api/wireguard: the hub's state and what all devices are told.
std::vector<Route> wireguard_routes(const PeersParts& parts);

}  // namespace cell::api
