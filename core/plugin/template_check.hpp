#pragma once

#include "plugin/manifest.hpp"
#include "plugin/template.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// Every text of the manifest's contributions is a template whose values this manifest has; a file that holds
// a secret is marked as such. Pointers are below /contributions.
Result<void> check_templates(const Manifest& manifest);

// What a declarative package can name, filled from the document that plan() is given.
Filling filling_of(const Manifest& manifest, const Json& config);

}  // namespace cell::plugin
