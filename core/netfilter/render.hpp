#pragma once

#include <string>
#include <vector>

#include "netfilter/ruleset.hpp"

// Rulesets as nft(8) scripts; each is meant to run as one transaction.
//
// Tables `ip cell` and `ip6 cell` of equal shape: one for each family, because in an `inet` table every rule
// that looks at an address first looks at the family. The base chains are made once with policy drop and are
// never deleted or replaced: replacing one leaves the hook empty for microseconds, even inside one
// transaction, and packets of blocked peers get through. Everything that changes is the contents of chains,
// maps and sets.
//
// A packet from a peer is judged by its source address: map `peers` → mark 0x100 + n → chain `p_<n>` for
// access n; an unknown source is dropped. Of the cell's own networks it reaches what the hub forwards: set
// `always`, or with the right to services set `services`, by address, protocol and port. The detour over the
// mark has a reason: when a map's elements are jumps themselves, the kernel checks every one of them for
// loops at each change. There is no short cut for established connections, so a change cuts what is running.
// A packet to a peer must belong to a connection (the peer began it) and is judged in the same way by chain
// `r_<n>`, its source taken as the place the peer talks to.
//
// Before it is routed, a packet to the internet from a peer in map `exits` gets the mark of its exit (see
// policy_route.hpp), and before it is judged the firewall looks where routing sends it: mark and next hop
// must be in set `ways`, else it is dropped.
namespace cell::netfilter {

// Tables, base chains, maps and sets, all empty: nothing passes. Harmless when they are there already: it
// adds only.
std::string render_skeleton();

// Makes the whole ruleset true whatever stands in the tables: skeleton, then flush and refill.
std::string render_full(const Ruleset& ruleset);

// Element updates for the changed addresses, and the policy chains that they are the first to use (`existing`
// says which there are). Empty when nothing changes. The cost is that of the changes, not of the ruleset.
std::string render_change(const Frame& frame, const std::vector<MemberChange>& changes, PolicyMask existing);

PolicyMask policies_of(const std::vector<Member>& members);
PolicyMask policies_of(const std::vector<MemberChange>& changes);

}  // namespace cell::netfilter
