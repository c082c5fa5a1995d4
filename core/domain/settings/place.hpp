#pragma once

#include <string>
#include <vector>

#include "caddy/admin.hpp"
#include "coredns/zone.hpp"
#include "reconcile/core_stack.hpp"

namespace cell::settings {

// What the installed services add to proxy and names, beside the hosts that the configuration knows.
struct ServiceParts {
  std::vector<caddy::Route> routes;
  std::vector<coredns::Record> records;  // "{cell}" as an address stands for the cell's
};

// Where this cell runs: what the rendered documents need besides the configuration. Filled by the composition
// root.
struct Place {
  reconcile::CoreSettings core;  // folders, addresses and ports of the parts
  std::string lan_address;       // of this machine in the house; empty: not known
  ServiceParts services = {};
  [[nodiscard]] reconcile::CoreNames names() const {
    return reconcile::core_names(core.instance, core.directory);
  }
};

}  // namespace cell::settings
