#pragma once

#include <string>
#include <vector>

#include "plugin/manifest.hpp"

namespace cell::plugin {

// One thing that a package may do, in words for the owner.
struct Reason {
  std::string capability;
  int weight = 0;  // what it takes off the rating
  Text words;      // "Opens port 25 to the internet"
  Text why;        // the package's own reason
};

// 1 (may do a lot) to 6 (may do next to nothing), computed from kind, hosting and permissions; never stated
// by a package.
struct Rating {
  int score = 6;
  std::vector<Reason> reasons;  // heaviest first
};
Rating rate(const Manifest& manifest, bool in_process);

// What `after` may do that `before` may not: an update with such needs the owner's consent anew.
std::vector<Reason> widened(const Manifest& before, const Manifest& after, bool in_process);

}  // namespace cell::plugin
