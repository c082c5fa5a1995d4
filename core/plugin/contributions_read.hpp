#pragma once

#include "plugin/contributions.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// From a document that the schema has been checked against.
Contributions read_contributions(const Json& document, const Manifest& manifest);

// Adds to `problems` what does not fit together within the document; pointers into it.
void check_consistency(const Contributions& contributions, const Manifest& manifest,
                       std::vector<FieldError>& problems);

// Adds to `problems` what the manifest does not ask for.
void check_permitted(const Contributions& contributions, const Manifest& manifest,
                     std::vector<FieldError>& problems);

}  // namespace cell::plugin
