#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "netfilter/ruleset.hpp"

// The routes behind exits. A packet that is to leave through exit n carries a mark, one `ip rule` leads that
// mark to a table of its own, and the table's default goes to the exit's container with a blackhole behind
// it: where the route to the container goes away the packet ends, and does not fall through to the main
// table.
namespace cell::netfilter {

// Bits of their own, beside those of policy_mark().
std::uint32_t exit_mark(unsigned number);
std::string exit_mark_text(unsigned number);  // "0x110000"

// What `ip -j -N rule show` and `ip -j -N route show table all` answer for one family.
struct RouteFacts {
  Json rules;
  Json routes;
};

// Lines for `ip -batch` of one family. They are run in this order: what blocks is there before what leads
// anywhere, and `removal` is for when no packet gets the marks of what goes any more. Empty: nothing to do.
struct RouteBatches {
  std::string closing;
  std::string opening;
  std::string removal;
};
RouteBatches route_batches(const std::vector<Exit>& exits, Family family, const RouteFacts& facts);

}  // namespace cell::netfilter
