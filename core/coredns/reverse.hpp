#pragma once

#include <cstdint>
#include <string>
#include <vector>

// Names of addresses (RFC 1035 §3.5, RFC 3596 §2.5).
namespace cell::coredns {

// "10.13.13.2" → "2.13.13.10.in-addr.arpa"; empty for what is no address.
std::string reverse_name(const std::string& address);

// The zones that hold the names of a subnet's addresses: "10.13.13.0/24" → {"13.13.10.in-addr.arpa"}. Zones
// end at whole octets, with IPv6 at whole nibbles, so there are several (at most 128) where the subnet does
// not, and one that is larger than the subnet where that is smaller than the smallest zone. Empty for what is
// no subnet, and for everything (/0).
std::vector<std::string> reverse_zones(const std::string& subnet);

// Which name an address has.
struct Pointer {
  std::string address;
  std::string name;  // absolute, with or without the trailing dot
  auto operator<=>(const Pointer&) const = default;
};

// The master file of one of these zones, with what of `pointers` belongs to it; what is no name is left out.
// `domain` is the one whose name server it names. The serial is derived from the content.
std::string render_reverse_zone(const std::string& zone, const std::string& domain,
                                const std::vector<Pointer>& pointers);

}  // namespace cell::coredns
