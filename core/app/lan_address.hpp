#pragma once

#include <string>

#include "base/json.hpp"

namespace cell::app {

// What devices in the house reach this machine by; empty: not known. An address that the owner set counts
// where it is one of the house: behind a router the public one is the router's.
std::string lan_address_of(const Json& root);

}  // namespace cell::app
