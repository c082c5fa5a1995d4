#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/schema.hpp"

// The shape of cell_config.json:
// { schema: 1, revision,
//   identity: {cell_name, domain: {mode: "local", name}, timezone, endpoint_host, setup_complete},
//   people:   {<id>: {name, role: "admin"|"peer", created_at, password_changed_at}},
//   network:  {ipv4_pool, ipv6_pool, mtu, persistent_keepalive, client_allowed_ips?[]},
//   peers:    {<id>: {name, dns_label, owner_id?, tags[], enabled, disabled_by?, public_key, key_origin,
//   addresses[], policy{internet,lan,peers,services},
//                     exit?: "<service>/<exit>", expires_at?, created_at, updated_at}},
//   dns:      {upstreams[], records: {<id>: {name, type, value, ttl, comment}}},
//   ntp:      {servers[]},
//   logging:  {core: {root, services{}}, containers: {caddy, coredns, wireguard, api}},
//   session:  {idle_s, absolute_s},
//   containers: {stopped[]},
//   services?: {<id>: {version, package, source, label, options{}, enabled, isolated?, installed_at,
//                      addresses{<container>: {ipv4, ipv6?}}, images{}, hosts[], web_ui?[], quotas{}}},
//   store?:   {sources: {<name>: {location, key, key_id, allowed_ids[]}}} }
namespace cell::settings {

// Document of a first start. `ipv6_pool` is a fresh random ULA /64 (RFC 4193).
Json initial_document(const std::string& ipv6_pool);

// JSON Schema of the document (draft 7, no additional members anywhere).
const Json& document_schema();

struct Identity {
  std::string cell_name;    // [a-z0-9-]{1,32}; empty before setup
  std::string domain_mode;  // "local"
  std::string domain_name;  // "home.cell"
  std::string timezone;
  std::string endpoint_host;  // host name or address that devices use from outside
  bool setup_complete = false;
};
Identity identity_of(const Json& root);

struct Tunnel {
  std::string ipv4_pool;
  std::string ipv6_pool;
  std::uint16_t mtu = 1420;
  std::uint16_t persistent_keepalive = 25;
  std::vector<std::string>
      client_allowed_ips;  // what devices send into the tunnel; everything where not said
};
Tunnel tunnel_of(const Json& root);

struct SessionLimits {
  std::int64_t idle_s = 1800;
  std::int64_t absolute_s = 43200;
};
SessionLimits session_limits_of(const Json& root);

// Names of the containers that the cell's owner stopped and that stay so until they are started again.
std::set<std::string> stopped_containers_of(const Json& root);
// Keeps or forgets that wish; true when that changed the document.
bool set_container_stopped(Json& root, const std::string& name, bool stopped);

// Field errors with `pointer`, for setup and settings alike.
Result<void> check_cell_name(const std::string& name, const std::string& pointer);
Result<void> check_timezone(const std::string& name, const std::string& pointer);
Result<void> check_endpoint_host(const std::string& host, const std::string& pointer);
// A name people read: 1–64 characters of valid UTF-8, no control or bidirectional-override characters, not
// blank.
Result<void> check_display_name(const std::string& name, const std::string& pointer);
// Zone names known to this machine (tzdata), sorted.
std::vector<std::string> timezones();

}  // namespace cell::settings
