#pragma once

#include "base/json.hpp"

// Inside core/base only.
namespace cell {

// Reads the text once without building anything. What Poco's parser takes or turns into something else is
// refused here, with the place: lone surrogates, bytes that are not UTF-8, depth, integers beyond 64 bits
// (Poco wraps them), decimals beyond a double.
Result<void> check_json_syntax(std::string_view text, const JsonLimits& limits);

// An invalid_argument "not valid JSON: …".
Error json_syntax_error(const std::string& detail);

}  // namespace cell
