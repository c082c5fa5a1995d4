#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::identity {

// Whether `password` may be chosen: 8 to 1024 characters of any Unicode, no composition rules (NIST SP
// 800-63B §5.1.1.2), but not one of the most used ones, a run like "abcdefgh", or little more than one of the
// `context` words (cell, person). Errors: invalid_argument at `pointer`.
Result<void> check_password(const Secret& password, const std::vector<std::string>& context,
                            const std::string& pointer);

// In lower case.
bool is_common_password(std::string_view lower);

// A password nobody needs to type often: 20 characters without look-alikes, 98 bits.
Secret generate_password();

}  // namespace cell::identity
