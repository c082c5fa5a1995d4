#pragma once

#include <string>
#include <vector>

#include "domain/peers/peer.hpp"

// What a device may be. Pure; field errors carry a pointer into the request body.
namespace cell::peers {

inline constexpr std::size_t kMaxTags = 16;
inline constexpr std::size_t kMaxTag = 32;  // characters

Result<void> check_tags(const std::vector<std::string>& tags);
Result<void> check_expiry(const std::optional<TimePoint>& expires_at, TimePoint now);
// Whether one who asks may switch the device on or off, and set when it expires. forbidden: who is no
// administrator may only narrow (off, an earlier end), and switch on again what was their own doing.
Result<void> check_may_switch(const Peer& before, const PeerChange& wanted, const Asker& asker);
// 32 bytes, not all zero, neither the hub's own nor another device's. `peers`: section of the document.
Result<void> check_public_key(const Json& peers, const std::string& key, const std::string& hub_key,
                              const std::string& except_id);
// conflict (reason name_taken); without regard to ASCII case.
Result<void> check_name_free(const Json& peers, const std::string& name, const std::string& except_id);
Result<void> check_owner(const Json& root, const std::string& owner_id);

// A host name made of a device's name: "Ann's Phone" → "ann-s-phone"; "device" where nothing is left. "-2",
// "-3", … is added to what another device, a DNS record of the owner's or a part of the cell has already.
std::string free_dns_label(const Json& root, const std::string& name, const std::string& except_id);

// The lowest free IPv4 and IPv6 address of the pools. conflict (reason pool_exhausted).
Result<std::vector<std::string>> free_addresses(const Json& root);

// The hub's own addresses: the first of each pool. Empty text for a pool that is not there.
struct HubAddresses {
  std::string ipv4;
  std::string ipv6;
  [[nodiscard]] std::vector<std::string> list() const;
};
Result<HubAddresses> hub_addresses(const Json& root);

}  // namespace cell::peers
