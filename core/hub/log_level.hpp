#pragma once

#include <filesystem>

#include "base/log.hpp"

namespace cell::hub {

// How much the agent writes: one word in a file of its state directory. celld writes it, the agent reads it
// when it starts; to change it while tunnels are up is not worth ending them.
inline constexpr const char* kLogLevelFile = "log_level";

// info where the file is not there or says nothing that is a level.
log::Level read_log_level(const std::filesystem::path& state_directory);

}  // namespace cell::hub
