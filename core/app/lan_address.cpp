#include "app/lan_address.hpp"

#include "domain/settings/document.hpp"
#include "domain/setup/local_address.hpp"
#include "wireguard/address.hpp"

namespace cell::app {

namespace {

bool is_private(const std::string& text) {
  const auto address = wireguard::parse_address(text);
  if (!address) return false;
  for (const char* range : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7"}) {
    const auto subnet = wireguard::parse_subnet(range);
    if (subnet && wireguard::contains(*subnet, *address)) return true;
  }
  return false;
}

}  // namespace

std::string lan_address_of(const Json& root) {
  const std::string endpoint = settings::identity_of(root).endpoint_host;
  if (is_private(endpoint)) return endpoint;
  if (const auto own = setup::local_address()) return *own;
  return wireguard::parse_address(endpoint) ? endpoint : std::string();
}

}  // namespace cell::app
