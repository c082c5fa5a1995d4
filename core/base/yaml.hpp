#pragma once

#include <string_view>

#include "base/json.hpp"

namespace cell {

// One YAML 1.2 document (JSON-compatible subset) as JSON. Refused: anchors, aliases, tags, repeated keys, a
// second document, depth > 32, more than 10,000 nodes. Plain scalars: null/~, true/false, integers and
// decimals become typed values; everything else (yes, no, 010, 0x1F, dates) stays a string. Quoted scalars
// are strings.
Result<Json> parse_yaml(std::string_view text);

}  // namespace cell
