#pragma once

#include <set>
#include <string>
#include <vector>

#include "reconcile/ledger.hpp"

namespace cell::health {

// A part of the cell as people know it: a container and the document that it is given.
struct Part {
  std::string name;       // "dns"
  std::string container;  // "cell-dns"
  std::string document;   // its kind: "coredns"
};

struct PartHealth {
  std::string state;   // "ok", "degraded": runs with an older document, "down", "pending"
  std::string detail;  // what is wrong, or what is waited for; empty: nothing
};

inline constexpr const char* kStoppedByOwner = "stopped by an administrator";

// How the part stands by what the reconciler knows; one that it has not looked at is pending. `stopped`: the
// containers that the cell's owner stopped. Pure.
PartHealth health_of(const Part& part, const std::vector<reconcile::State>& states,
                     const std::set<std::string>& stopped);

}  // namespace cell::health
