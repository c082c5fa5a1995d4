#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cell::crypto {

std::string to_hex(std::string_view bytes);
std::string to_base64(std::string_view bytes);     // RFC 4648 §4 with padding
std::string to_base64url(std::string_view bytes);  // §5 without padding
// Strict: padding, alphabet and unused bits are checked.
Result<std::string> from_base64(std::string_view text);
Result<std::string> from_base64url(std::string_view text);
std::string to_base32(std::string_view bytes);  // §6 upper case without padding
Result<std::string> from_base32(std::string_view text);

}  // namespace cell::crypto
