#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace cell::coredns {

struct Record {
  std::string name;   // relative to the zone, "@" for its apex
  std::string type;   // A AAAA CNAME TXT MX SRV
  std::string value;  // RFC 1035 presentation form without quotes for TXT
  std::uint32_t ttl = 300;
  auto operator<=>(const Record&) const = default;
};

// invalid_argument with the field (/name, /type, /value, /ttl) when a record is not one that may stand in a
// zone file.
Result<void> check_record(const Record& record);

// "9.9.9.9", "9.9.9.9:5353", "[2620:fe::9]:53", "tls://9.9.9.9", "tls://9.9.9.9#dns.quad9.net" (the name that
// the server's certificate must hold). invalid_argument otherwise.
Result<void> check_upstream(const std::string& upstream);

// RFC 1035 master file. The serial is derived from the content, so equal records give equal files.
std::string render_zone(const std::string& zone, const std::vector<Record>& records, std::uint32_t serial);

// The same of lines that are written already; serial 0: derived from them.
std::string master_file(const std::string& zone, const std::string& name_server, const std::string& person,
                        std::vector<std::string> lines, std::uint32_t serial);

struct Settings {
  std::string zone;                        // "home.cell"
  std::vector<std::string> reverse_zones;  // of the tunnel's addresses, see reverse.hpp
  std::vector<std::string> upstreams;      // "9.9.9.9", "tls://…"
  std::string directory;                   // of the zone files, as seen in the container
  std::vector<std::string> hub_addresses;  // queries from here get the VPN's view
  std::string public_domain;               // empty in domain mode local
  std::uint32_t cache_seconds = 300;
  bool log_queries = false;
  std::uint16_t inside_port = 0;  // here everybody gets the VPN's view; 0: there is no such port
};
// The Corefile (https://coredns.io/manual/configuration/): the cell's zone in two views (VPN: `vpn.zone`,
// else `lan.zone`), the reverse zones for the VPN (`<name>.zone`), everything under .cell that is not ours
// answers NXDOMAIN, the rest is forwarded and cached. Upstreams that check_upstream refuses are left out.
// Readiness: http://127.0.0.1:8181/ready in the container.
std::string render_corefile(const Settings& settings);

}  // namespace cell::coredns
