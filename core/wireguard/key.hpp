#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cell::wireguard {

// A WireGuard key is 32 bytes: 44 characters of base64 in configuration files and in `wg`, 64 hex digits on
// the configuration socket. The errors never repeat the key.
Result<std::string> key_to_hex(std::string_view base64);
Result<std::string> key_to_base64(std::string_view hex);

// 64 zeros: how "no key" is written on the configuration socket.
bool is_zero_hex(std::string_view hex);

}  // namespace cell::wireguard
