#pragma once

#include <cstdint>
#include <string>

#include "netfilter/ruleset.hpp"

namespace cell::netfilter {

// The ranges that are somebody's local network, as elements of a set without its braces.
std::string lan_ranges(Family family);
// "ip cell" or "ip6 cell".
std::string table_of(Family family);
// "ip" or "ip6": how nft names the family and its header.
std::string protocol_of(Family family);

// "p_9": the chain of this access, of the same name in both tables.
std::string policy_chain_name(const Access& access);

// "r_9": the chain of what comes back to who has this access.
std::string answers_chain_name(const Access& access);

// What `peers` gives for an address with this access; `policies` and `replies` turn it into the chains.
std::uint32_t policy_mark(const Access& access);
// The same as nft text: "0x109".
std::string policy_mark_text(const Access& access);

// `add chain`, `flush chain` and the rules for one access in one family's table, for both directions.
std::string render_policy(const Frame& frame, const Access& access, Family family);

// The chain that all policies share: answers to peers that may reach peers.
std::string render_shared_chains(Family family);

}  // namespace cell::netfilter
