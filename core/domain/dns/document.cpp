#include "domain/dns/document.hpp"

#include "base/log.hpp"
#include "coredns/name.hpp"
#include "domain/dns/names.hpp"
#include "domain/dns/resolver.hpp"
#include "domain/settings/document.hpp"

namespace cell::dns {

namespace {

// CoreDNS knows a log of all queries or none.
bool wants_query_log(const Json& root) {
  const Json& containers = json_member(json_member(root, "logging"), "containers");
  const auto level = log::parse_level(json_string(containers, "coredns"));
  return level && (*level == log::Level::debug || *level == log::Level::trace);
}

}  // namespace

reconcile::FileDocument dns_document(const Json& root, const settings::Place& place) {
  const reconcile::CoreNames names = place.names();
  coredns::Settings settings;
  settings.zone = settings::identity_of(root).domain_name;
  settings.upstreams = upstreams_of(root);
  settings.directory = names.dns_config.string();
  settings.hub_addresses = {place.core.wireguard.ipv4,
                            place.core.network_ipv6.empty() ? std::string() : place.core.wireguard.ipv6};
  settings.cache_seconds = kCacheSeconds;
  settings.log_queries = wants_query_log(root);
  settings.inside_port = kInsidePort;
  settings.reverse_zones = reverse_zones(root);
  reconcile::FileDocument document{
      "coredns", {{names.corefile, coredns::render_corefile(settings)}}, names.dns, reconcile::Tell::signal};
  if (!coredns::is_name(settings.zone, coredns::Underscore::refused)) return document;
  const auto zone = [&](View view) {
    return coredns::render_zone(settings.zone, zone_records(root, place, view), 0);
  };
  document.files.push_back({names.dns_config / "vpn.zone", zone(View::vpn)});
  document.files.push_back({names.dns_config / "lan.zone", zone(View::lan)});
  const auto names_of_addresses = pointers(root, place);
  for (const std::string& reverse : settings.reverse_zones) {
    document.files.push_back({names.dns_config / (reverse + ".zone"),
                              coredns::render_reverse_zone(reverse, settings.zone, names_of_addresses)});
  }
  return document;
}

}  // namespace cell::dns
