#pragma once

#include <string>

#include "reconcile/core_stack.hpp"

namespace cell::settings {

// Where this cell runs: what the rendered documents need besides the configuration. Filled by the composition
// root.
struct Place {
  reconcile::CoreSettings core;  // folders, addresses and ports of the parts
  std::string lan_address;       // of this machine in the house; empty: not known
  [[nodiscard]] reconcile::CoreNames names() const {
    return reconcile::core_names(core.instance, core.directory);
  }
};

}  // namespace cell::settings
