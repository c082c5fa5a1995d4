#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "coredns/reverse.hpp"
#include "coredns/zone.hpp"
#include "domain/settings/place.hpp"

// The names of the cell's domain, as pure functions from the configuration.
namespace cell::dns {

// Who asks: a device in the tunnel, or one in the house that uses the published port.
enum class View { vpn, lan };

// A name that the cell gives out by itself.
struct GeneratedRecord {
  coredns::Record record;  // its name is relative to the domain
  std::string source;      // "cell", "container", "service", "peer"
};

// The cell's own name and that of its name server; for devices in the tunnel also its containers and peers.
// Empty before set-up. The names of containers and services lead to the hub, which passes on what they
// serve.
std::vector<GeneratedRecord> generated_records(const Json& root, const settings::Place& place, View view);

// Relative names, in lower case, that belong to the cell itself or to a peer, in whatever view; "@" is one.
std::set<std::string> generated_names(const Json& root);

// Everything that the zone of a view holds. An own record at a name of the cell's (a peer may have got it
// later) is left out.
std::vector<coredns::Record> zone_records(const Json& root, const settings::Place& place, View view);

// The names of the tunnel's addresses: of its devices, and of the hub, which is the cell's own.
std::vector<coredns::Pointer> pointers(const Json& root, const settings::Place& place);
// The zones of these.
std::vector<std::string> reverse_zones(const Json& root);

// The hub's addresses in the tunnel: the first of each pool.
struct HubAddresses {
  std::string ipv4;
  std::string ipv6;
};
HubAddresses hub_addresses(const Json& root);

}  // namespace cell::dns
