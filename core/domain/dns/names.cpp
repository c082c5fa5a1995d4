#include "domain/dns/names.hpp"

#include <array>

#include "coredns/name.hpp"
#include "domain/dns/records.hpp"
#include "domain/settings/document.hpp"
#include "domain/settings/services.hpp"
#include "wireguard/address.hpp"

namespace cell::dns {

namespace {

constexpr std::uint32_t kTtl = 60;  // a peer may get another address, and devices change between the views
constexpr const char* kApex = "@";
constexpr const char* kPeerSource = "peer";
constexpr const char* kNameServer = "ns";  // as in the SOA and NS of every zone
constexpr const char* kCellAddress = "{cell}";

constexpr std::array kParts{"caddy", "dns", "ntp", "wireguard"};

// Those that no peer can have.
std::set<std::string> cell_names() {
  std::set<std::string> names{kApex, kNameServer};
  names.insert(kParts.begin(), kParts.end());
  return names;
}

// A and AAAA for whichever of the addresses there are.
void add(std::vector<GeneratedRecord>& out, const std::string& name,
         const std::vector<std::string>& addresses, const char* source, const std::string& only = {}) {
  for (const std::string& address : addresses) {
    const char* type = coredns::is_ipv4(address) ? "A" : coredns::is_ipv6(address) ? "AAAA" : nullptr;
    if (type != nullptr && (only.empty() || only == type))
      out.push_back({{name, type, address, kTtl}, source});
  }
}

std::string first_host(const std::string& pool) {
  const auto subnet = wireguard::parse_subnet(pool);
  const auto address = subnet ? wireguard::nth(*subnet, 1) : std::nullopt;
  return address ? wireguard::to_string(*address) : std::string();
}

bool is_place(const coredns::Record& record) {
  return record.type == "A" || record.type == "AAAA" || record.type == "CNAME";
}

// What services add beside their hosts: mail's MX and the like. A plugin may ask for other ones at any time,
// so it is looked at here that none says where a name of `taken` is: the cell's own, a host, a device.
void add_services(std::vector<GeneratedRecord>& out, const std::vector<coredns::Record>& records,
                  const std::vector<std::string>& cell, const std::set<std::string>& taken) {
  for (const coredns::Record& record : records) {
    if (is_place(record) && taken.contains(coredns::lower(record.name))) continue;
    if (record.value == kCellAddress)
      add(out, record.name, cell, "service", record.type);
    else
      out.push_back({record, "service"});
  }
}

std::vector<std::string> strings_of(const Json& array) {
  std::vector<std::string> out;
  for (const Json& item : array) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

}  // namespace

HubAddresses hub_addresses(const Json& root) {
  const settings::Tunnel tunnel = settings::tunnel_of(root);
  return {first_host(tunnel.ipv4_pool), first_host(tunnel.ipv6_pool)};
}

std::vector<GeneratedRecord> generated_records(const Json& root, const settings::Place& place, View view) {
  std::vector<GeneratedRecord> out;
  if (settings::identity_of(root).domain_name.empty()) return out;
  if (view == View::lan) {
    add(out, kApex, {place.lan_address}, "cell");
    add(out, kNameServer, {place.lan_address}, "cell");
    for (const std::string& host : settings::service_hosts_of(root))
      add(out, host, {place.lan_address}, "service");
    add_services(out, place.services.records, {place.lan_address}, generated_names(root));
    return out;
  }
  const HubAddresses hub = hub_addresses(root);
  add(out, kApex, {hub.ipv4, hub.ipv6}, "cell");
  add(out, kNameServer, {hub.ipv4, hub.ipv6}, "cell");
  // Their own addresses are closed to devices; the hub passes on what it is asked on its own.
  for (const char* part : kParts) add(out, part, {hub.ipv4, hub.ipv6}, "container");
  std::set<std::string> reserved = cell_names();
  for (const std::string& host : settings::service_hosts_of(root)) {
    add(out, host, {hub.ipv4, hub.ipv6}, "service");
    reserved.insert(host);
  }
  add_services(out, place.services.records, {hub.ipv4, hub.ipv6}, generated_names(root));
  for (const auto& [id, peer] : json_member(root, "peers").items()) {
    const std::string label = coredns::lower(json_string(peer, "dns_label"));
    if (label.empty() || reserved.contains(label)) continue;
    add(out, label, strings_of(json_member(peer, "addresses")), kPeerSource);
  }
  return out;
}

std::set<std::string> generated_names(const Json& root) {
  std::set<std::string> names = cell_names();
  for (const std::string& host : settings::service_hosts_of(root)) names.insert(host);
  for (const auto& [id, peer] : json_member(root, "peers").items()) {
    const std::string label = json_string(peer, "dns_label");
    if (!label.empty()) names.insert(coredns::lower(label));
  }
  return names;
}

std::vector<coredns::Record> zone_records(const Json& root, const settings::Place& place, View view) {
  std::vector<coredns::Record> out;
  for (GeneratedRecord& made : generated_records(root, place, view)) out.push_back(std::move(made.record));
  std::set<std::string> taken = generated_names(root);
  for (const coredns::Record& record : place.services.records) {
    if (is_place(record) && record.name != kApex) taken.insert(coredns::lower(record.name));
  }
  for (OwnRecord& own : own_records(root)) {
    if (may_stand(taken, own.record)) out.push_back(std::move(own.record));
  }
  return out;
}

std::vector<coredns::Pointer> pointers(const Json& root, const settings::Place& place) {
  const std::string domain = settings::identity_of(root).domain_name;
  std::vector<coredns::Pointer> out;
  for (const auto& [record, source] : generated_records(root, place, View::vpn)) {
    const bool is_hub = record.name == kApex;
    if (is_hub || std::string_view(source) == kPeerSource)
      out.push_back({record.value, is_hub ? domain : record.name + "." + domain});
  }
  return out;
}

std::vector<std::string> reverse_zones(const Json& root) {
  const settings::Tunnel tunnel = settings::tunnel_of(root);
  auto zones = coredns::reverse_zones(tunnel.ipv4_pool);
  for (std::string& zone : coredns::reverse_zones(tunnel.ipv6_pool)) zones.push_back(std::move(zone));
  return zones;
}

}  // namespace cell::dns
