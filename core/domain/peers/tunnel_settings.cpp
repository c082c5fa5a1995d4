#include "domain/peers/tunnel_settings.hpp"

#include "domain/settings/document.hpp"
#include "wireguard/address.hpp"

namespace cell::peers {

Result<void> check(const TunnelChange& change) {
  if (change.endpoint_host) CELL_TRY(settings::check_endpoint_host(*change.endpoint_host, "/endpoint_host"));
  if (change.mtu && (*change.mtu < 1280 || *change.mtu > 9000)) {
    return field_error("/mtu", "the MTU is 1280 to 9000 bytes", "1420 fits most lines");
  }
  if (change.persistent_keepalive &&
      (*change.persistent_keepalive < 0 || *change.persistent_keepalive > 65'535)) {
    return field_error("/persistent_keepalive", "this is 0 to 65535 seconds",
                       "25 keeps most routers' doors open, 0 switches it off");
  }
  if (!change.client_allowed_ips) return {};
  const auto& ranges = *change.client_allowed_ips;
  if (ranges.empty() || ranges.size() > kMaxClientRanges) {
    return field_error("/client_allowed_ips", "1 to 64 ranges are needed",
                       "0.0.0.0/0 and ::/0 send everything through the cell");
  }
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto subnet = wireguard::parse_subnet(ranges[i]);
    if (!subnet)
      return field_error("/client_allowed_ips/" + std::to_string(i), subnet.error().message,
                         subnet.error().hint);
  }
  return {};
}

void apply(const TunnelChange& change, Json& root) {
  if (change.endpoint_host) root["identity"]["endpoint_host"] = *change.endpoint_host;
  if (change.mtu) root["network"]["mtu"] = *change.mtu;
  if (change.persistent_keepalive) root["network"]["persistent_keepalive"] = *change.persistent_keepalive;
  if (change.client_allowed_ips) root["network"]["client_allowed_ips"] = *change.client_allowed_ips;
}

}  // namespace cell::peers
