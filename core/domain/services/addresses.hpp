#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "domain/services/active.hpp"

namespace cell::services {

// First host part of the cell's network that services get; below are the cell's own parts.
inline constexpr std::uint64_t kFirstHost = 16;

// An address for each of `containers` of service `id`: the one that it has, else the lowest that no service
// has and that is not in `others` (IPv4). IPv6 has the same host part. unavailable when the network is full.
// Pure.
Result<std::map<std::string, settings::ServiceAddress>> allocate_addresses(
    const Json& root, const reconcile::CoreSettings& core, const std::string& id,
    const std::vector<std::string>& containers, const std::set<std::string>& others = {});

// Which address of the cell's network this is, as allocate_addresses() gives them: kFirstHost to 4095.
std::optional<std::uint16_t> host_number(const reconcile::CoreSettings& core, const std::string& ipv4);

}  // namespace cell::services
