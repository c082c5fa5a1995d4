#pragma once

#include <functional>
#include <vector>

#include "api/route.hpp"
#include "domain/ntp/ntp.hpp"

namespace cell::api {

// /api/network/ntp, for administrators. `state` is that of the time server's container.
std::vector<Route> ntp_routes(config::Store& config, ntp::Ntp& ntp, std::uint16_t listen_port,
                              std::function<std::string()> state);

}  // namespace cell::api
