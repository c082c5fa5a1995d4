#pragma once

#include <filesystem>

#include "domain/services/services.hpp"

namespace cell::app {

// What this machine has left, as services ask before they are installed.
services::MachineFacts machine_facts(const std::filesystem::path& directory);

// A program that lies beside celld: "cell-plugin-host".
std::filesystem::path program_beside(const char* name);

// "amd64", "arm64".
std::string architecture();

}  // namespace cell::app
