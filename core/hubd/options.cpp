#include "hubd/options.hpp"

#include <cstdlib>
#include <string_view>

namespace cell::hubd {

const char* const kUsage =
    "usage: cell-hubd [--socket PATH] [--state-dir PATH] [--log-dir PATH] [--interface NAME]\n"
    "                 [--wireguard auto|kernel|userspace]\n"
    "Applies the hub's documents (WireGuard, firewall, addresses) that come over its socket.\n"
    "       cell-hubd --call [--socket PATH]   sends the request on standard input to the running agent\n"
    "CELL_DIR (default /var/lib/cell) gives the paths: run/hubd.sock and config/hub.\n";

namespace {

// IFNAMSIZ - 1; what WireGuard's tools take, and safe inside quotes in an nft script.
bool is_interface_name(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.size() <= 15 && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

Result<WireguardChoice> parse_choice(std::string_view text) {
  if (text == "auto") return WireguardChoice::automatic;
  if (text == "kernel") return WireguardChoice::kernel;
  if (text == "userspace") return WireguardChoice::userspace;
  return Error{Code::invalid_argument, "unknown WireGuard '" + std::string(text) + "'",
               "use auto, kernel or userspace"};
}

Result<void> set_option(Options& options, std::string_view name, std::string_view value) {
  if (name == "--socket") {
    options.socket = value;
  } else if (name == "--state-dir") {
    options.state_directory = value;
  } else if (name == "--log-dir") {
    options.log_directory = value;
  } else if (name == "--interface") {
    if (!is_interface_name(value)) {
      return Error{Code::invalid_argument, "'" + std::string(value) + "' is not an interface name",
                   "use at most 15 letters, digits, '-' and '_'"};
    }
    options.interface = value;
  } else if (name == "--wireguard") {
    options.wireguard = CELL_TRY(parse_choice(value));
  } else {
    return Error{Code::invalid_argument, "unknown option '" + std::string(name) + "'", "see --help"};
  }
  return {};
}

}  // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
  const char* from_environment = std::getenv("CELL_DIR");
  const bool is_set = from_environment != nullptr && *from_environment != '\0';
  const std::filesystem::path cell_directory = is_set ? from_environment : "/var/lib/cell";
  Options options;
  options.socket = cell_directory / "run" / "hubd.sock";
  options.state_directory = cell_directory / "config" / "hub";
  for (int index = 1; index < argc; ++index) {
    const std::string_view argument = argv[index];
    if (argument == "--help") {
      options.wants_help = true;
      return options;
    }
    if (argument == "--call") {
      options.is_call = true;
      continue;
    }
    if (index + 1 >= argc) {
      return Error{Code::invalid_argument, "option '" + std::string(argument) + "' needs a value",
                   "see --help"};
    }
    CELL_TRY(set_option(options, argument, argv[++index]));
  }
  return options;
}

}  // namespace cell::hubd
