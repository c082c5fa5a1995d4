#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "wireguard/device.hpp"

// The text protocol of userspace WireGuard's configuration socket (/var/run/wireguard/<interface>.sock),
// https://www.wireguard.com/xplatform/ : one operation, `key=value` lines, an empty line, and an answer that
// ends with `errno=<n>` and an empty line.
namespace cell::wireguard {

// The question for everything.
inline constexpr std::string_view kUapiGet = "get=1\n\n";

// A `set=1` operation. One changed peer is a few lines at any number of peers.
Result<std::string> render_uapi(const DeviceChange& change);

// The answer to get=1; internal when the implementation reports an errno or the text is not understood.
Result<DeviceActual> parse_uapi(std::string_view answer);

// The errno of any answer, 0 for success; internal when there is none.
Result<int> uapi_errno(std::string_view answer);

}  // namespace cell::wireguard
