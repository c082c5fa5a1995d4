#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cell::wireguard {

// One device's side of a tunnel, as wg-quick(8) and the WireGuard apps read it.
struct ClientConfig {
  std::string name;                    // written as a comment; no control characters
  std::string private_key;             // or the placeholder "<PRIVATE_KEY>"
  std::vector<std::string> addresses;  // with prefix: "10.13.13.2/32"
  std::vector<std::string> dns;        // addresses and search domains
  std::uint16_t mtu = 1420;            // 0: not written
  std::string server_public_key;
  std::string preshared_key;  // empty: not written
  std::string endpoint_host;  // IPv6 addresses are bracketed by render
  std::uint16_t endpoint_port = 51820;
  std::vector<std::string> allowed_ips;     // "0.0.0.0/0", "::/0" or the cell's ranges
  std::uint16_t persistent_keepalive = 25;  // seconds, 0: not written
};
std::string render(const ClientConfig& config);

}  // namespace cell::wireguard
