#pragma once

#include "base/json.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// Permissions, images and what goes with the kind of a manifest, each held against the one alternative of the
// schema that it means to be: the whole schema would complain about all of them.
Result<void> check_alternatives(const Json& document);

}  // namespace cell::plugin
