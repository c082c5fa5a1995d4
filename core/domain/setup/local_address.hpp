#pragma once

#include <optional>
#include <string>

namespace cell::setup {

// The address this machine would use towards the internet: that of the default route. Nothing is sent.
// IPv4 before IPv6; nothing when there is no default route.
std::optional<std::string> local_address();

}  // namespace cell::setup
