#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "netfilter/ruleset.hpp"

namespace cell::netfilter {

// A netlink batch (linux/netfilter/nf_tables.h) that makes the same element updates as render_change(), for
// when every policy chain exists: libnftables reads the whole ruleset's frame back from the kernel for each
// script, which costs ten times as much as the change. Messages are numbered from `first_sequence`; the last
// one asks for an answer. Precondition: addresses are canonical text of their family.
struct ElementBatch {
  std::string bytes;
  std::uint32_t last_sequence = 0;
};
ElementBatch element_batch(const std::vector<MemberChange>& changes, std::uint32_t first_sequence);

}  // namespace cell::netfilter
