#pragma once

#include "plugin/manifest.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// From a document that the schema has been checked against.
Manifest read_manifest(const Json& document);

Text read_text(const Json& text);
std::vector<std::string> read_strings(const Json& array);
unsigned read_mode(const Json& object, unsigned fallback);  // "0640"

}  // namespace cell::plugin
