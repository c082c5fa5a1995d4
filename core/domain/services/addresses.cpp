#include "domain/services/addresses.hpp"

#include "wireguard/address.hpp"

namespace cell::services {

namespace {

constexpr std::uint64_t kMaxHosts = 4096;  // looked through; a household has some dozen containers

Result<settings::ServiceAddress> address_at(const reconcile::CoreSettings& core, std::uint64_t host) {
  const auto ipv4_net = CELL_TRY(wireguard::parse_subnet(core.network_ipv4));
  const auto ipv4 = wireguard::nth(ipv4_net, host);
  // The last one of a network is its broadcast address.
  if (!ipv4 || !wireguard::nth(ipv4_net, host + 1))
    return Error{Code::unavailable, "the cell's network " + core.network_ipv4 + " has no free address left",
                 "remove a service, or set a larger CELL_NETWORK"};
  settings::ServiceAddress address{wireguard::to_string(*ipv4), {}};
  if (core.network_ipv6.empty()) return address;
  const auto ipv6 = wireguard::nth(CELL_TRY(wireguard::parse_subnet(core.network_ipv6)), host);
  if (ipv6) address.ipv6 = wireguard::to_string(*ipv6);
  return address;
}

}  // namespace

std::optional<std::uint16_t> host_number(const reconcile::CoreSettings& core, const std::string& ipv4) {
  const auto net = wireguard::parse_subnet(core.network_ipv4);
  const auto address = wireguard::parse_address(ipv4);
  if (!net || !address) return {};
  for (std::uint64_t host = kFirstHost; host < kMaxHosts; ++host) {
    if (wireguard::nth(*net, host) == *address) return static_cast<std::uint16_t>(host);
  }
  return {};
}

Result<std::map<std::string, settings::ServiceAddress>> allocate_addresses(
    const Json& root, const reconcile::CoreSettings& core, const std::string& id,
    const std::vector<std::string>& containers, const std::set<std::string>& others) {
  std::set<std::string> used(others);
  used.insert({core.caddy.ipv4, core.dns.ipv4, core.ntp.ipv4, core.wireguard.ipv4});
  std::map<std::string, settings::ServiceAddress> own;
  for (const settings::ServiceEntry& entry : settings::services_of(root)) {
    for (const auto& [name, address] : entry.addresses) used.insert(address.ipv4);
    if (entry.id == id) own = entry.addresses;
  }
  std::map<std::string, settings::ServiceAddress> out;
  std::uint64_t host = kFirstHost;
  for (const std::string& name : containers) {
    if (const auto found = own.find(name); found != own.end()) {
      out[name] = found->second;
      continue;
    }
    for (; host < kMaxHosts; ++host) {
      settings::ServiceAddress address = CELL_TRY(address_at(core, host));
      if (!used.insert(address.ipv4).second) continue;
      out[name] = std::move(address);
      break;
    }
  }
  return out;
}

}  // namespace cell::services
