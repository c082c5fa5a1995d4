#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "cell/result.hpp"

namespace cell::sdk {

// The JSON value of the SDK. Objects keep their members sorted by name, so equal values have one text.
using Json = nlohmann::json;

// What a plugin reads at most in one document; the host sends less.
inline constexpr std::size_t kMaxDocumentBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxDocumentDepth = 64;

// [any] One document of RFC 8259. invalid_argument for anything else, for what is longer or deeper than the
// limits, and for bytes that are not UTF-8; never throws because of what `text` holds.
Result<Json> parse_json(std::string_view text);

// [any] Shortest text. Bytes that are not UTF-8 become U+FFFD.
std::string dump_json(const Json& value);

// [any] RFC 6901: `pointer` + "/" + escaped `token`.
std::string pointer_append(std::string_view pointer, std::string_view token);

}  // namespace cell::sdk
