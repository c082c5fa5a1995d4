#pragma once

#include "reconcile/core_stack.hpp"

namespace cell::logs {

// The level of the WireGuard container, `logging.containers.wireguard`, as the file that its agent reads when
// it starts.
reconcile::FileDocument hub_level_document(const Json& root, const reconcile::CoreNames& names);

}  // namespace cell::logs
