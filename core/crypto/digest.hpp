#pragma once

#include <string>
#include <string_view>

namespace cell::crypto {

std::string sha256(std::string_view data);                             // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view data);  // 32 bytes
std::string hmac_sha1(std::string_view key, std::string_view data);    // 20 bytes, for TOTP (RFC 6238)
// In time that depends on the lengths only.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace cell::crypto
