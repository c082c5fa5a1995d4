#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "wireguard/device.hpp"

// The texts of wg(8), used for the kernel's WireGuard.
namespace cell::wireguard {

// A whole interface for `wg syncconf <interface> /dev/stdin`.
std::string render_syncconf(const DeviceConfig& device);

// `wg show <interface> dump`: one line for the interface, one a peer, tab separated.
Result<DeviceActual> parse_dump(std::string_view text);

// One run of wg(8). `input` goes to its standard input: keys never stand in an argument list, which every
// process on the machine may read.
struct ToolCall {
  std::vector<std::string> arguments;
  std::string input;
};
// As few runs as the change allows: one for the interface, one for all removals, one for each peer to set.
std::vector<ToolCall> tool_calls(const std::string& interface, const DeviceChange& change);

}  // namespace cell::wireguard
