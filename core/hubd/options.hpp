#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace cell::hubd {

enum class WireguardChoice { automatic, kernel, userspace };

struct Options {
  std::filesystem::path socket;
  std::filesystem::path state_directory;
  std::filesystem::path log_directory;  // empty: standard error only
  std::string interface = "wg0";
  WireguardChoice wireguard = WireguardChoice::automatic;
  bool wants_help = false;
  bool is_call = false;  // be a client instead: send one request, print the answer
};

extern const char* const kUsage;

// From argv over the environment (CELL_DIR, default /var/lib/cell).
Result<Options> parse_options(int argc, const char* const* argv);

}  // namespace cell::hubd
