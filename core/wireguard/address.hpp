#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cell::wireguard {

// An IPv4 or IPv6 address; IPv4 uses the first four bytes.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool is_ipv6 = false;
  auto operator<=>(const Address&) const = default;
};
Result<Address> parse_address(std::string_view text);  // strict: no leading zeros, no zone
std::string to_string(const Address& address);         // RFC 5952 for IPv6

struct Subnet {
  Address base;  // host bits zero
  unsigned prefix = 0;
  auto operator<=>(const Subnet&) const = default;
};
Result<Subnet> parse_subnet(
    std::string_view text);  // "10.13.13.0/24"; host bits set → error that names the right base
std::string to_string(const Subnet& subnet);
bool contains(const Subnet& subnet, const Address& address);
bool overlaps(const Subnet& a, const Subnet& b);
// The n-th address of the subnet (0 = base); nothing when it does not fit.
std::optional<Address> nth(const Subnet& subnet, std::uint64_t n);
// Lowest free host address: not the network, first (the hub's) or broadcast address, nor one of `used`.
std::optional<Address> first_free(const Subnet& subnet, const std::vector<Address>& used);

}  // namespace cell::wireguard
