#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "hub/peer_table.hpp"
#include "hubd/link.hpp"
#include "netfilter/ruleset.hpp"
#include "wireguard/device.hpp"

// The hub's document in the words of the adapters. Pure.
namespace cell::hubd {

// What document_from_json can't see: the hub's and the peers' addresses are inside the pools.
Result<void> check_pools(const hub::Document& document);
Result<void> check_pools(const hub::Document& settings, const std::vector<hub::PeerChange>& changes);

// Precondition for all below: checked.
netfilter::Frame frame_of(const hub::Document& settings, const std::string& interface);
std::vector<netfilter::Member> members_of(const std::vector<hub::Peer>& peers);
wireguard::DeviceConfig device_of(const hub::Document& document);
LinkSpec link_of(const hub::Document& settings, const std::string& interface, bool has_ipv6);

// The parts of a change in the order in which they are safe: what narrows access or takes an address away
// comes before WireGuard, what gives an address to a peer after it. An address that moves from one peer to
// another is in both, so the one never passes with the rights of the other.
struct Steps {
  std::vector<netfilter::MemberChange> firewall_first;
  wireguard::DeviceChange wireguard;
  std::vector<netfilter::MemberChange> firewall_last;
};
Steps steps_of(const std::vector<hub::PeerChange>& changes);

// Of the last step, the addresses that had another owner before.
std::vector<netfilter::MemberChange> moved_addresses(const Steps& steps);

}  // namespace cell::hubd
