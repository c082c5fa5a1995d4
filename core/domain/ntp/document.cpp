#include "domain/settings/document.hpp"

#include <array>

#include "domain/ntp/ntp.hpp"

namespace cell::ntp {

namespace {

// RFC 1918, RFC 4193 and link-local: the house. Strangers from the internet are not answered.
constexpr std::array kPrivate{"10.0.0.0/8",     "172.16.0.0/12", "192.168.0.0/16",
                              "169.254.0.0/16", "fc00::/7",      "fe80::/10"};

}  // namespace

std::vector<std::string> servers_of(const Json& root) {
  std::vector<std::string> out;
  for (const Json& server : json_member(json_member(root, "ntp"), "servers")) {
    if (server.is_string()) out.push_back(server.get<std::string>());
  }
  return out;
}

reconcile::FileDocument ntp_document(const Json& root, const settings::Place& place) {
  const reconcile::CoreNames names = place.names();
  const settings::Tunnel tunnel = settings::tunnel_of(root);
  chrony::Settings settings{servers_of(root), {}};
  for (const std::string& subnet :
       {place.core.network_ipv4, place.core.network_ipv6, tunnel.ipv4_pool, tunnel.ipv6_pool}) {
    if (!subnet.empty()) settings.allow.push_back(subnet);
  }
  settings.allow.insert(settings.allow.end(), kPrivate.begin(), kPrivate.end());
  return {"chrony", {{names.chrony_conf, chrony::render(settings)}}, names.ntp, reconcile::Tell::restart};
}

}  // namespace cell::ntp
