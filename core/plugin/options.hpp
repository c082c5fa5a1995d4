#pragma once

#include "base/json.hpp"
#include "plugin/manifest.hpp"

namespace cell::plugin {

// A JSON Schema for options may hold only what a form can show: an object of scalars, lists and nested
// objects with bounds, `enum`, `pattern`, `default`, titles; titles and descriptions are text or text by
// language. invalid_argument with pointers below `pointer`.
Result<void> check_options_schema(const Json& schema, const std::string& pointer);

// `options` held against the manifest's schema, with the defaults of members that are not there filled in.
// Pointers are below /options. Unknown options are errors.
Result<Json> complete_options(const Manifest& manifest, const Json& options);

// Whether the option is one whose value must not be shown (`x-secret: true`).
bool is_secret_option(const Manifest& manifest, const std::string& name);

}  // namespace cell::plugin
