#pragma once

#include <string>

#include <cell/result.hpp>

namespace mail {

// How Thunderbird and others set an account up by themselves: config-v1.1.xml.
cell::sdk::Result<std::string> autoconfig(const std::string& cell_name, const std::string& domain);

// A configuration profile for iOS and macOS. It names no person: the device asks for address and password.
cell::sdk::Result<std::string> apple_profile(const std::string& cell_name, const std::string& domain);

}  // namespace mail
