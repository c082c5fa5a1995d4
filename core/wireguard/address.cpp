#include "wireguard/address.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include <arpa/inet.h>

namespace cell::wireguard {
namespace {

constexpr std::size_t kMaxAddressText = 45;  // the longest IPv6 text, an embedded IPv4 address included

unsigned bit_count(const Address& address) { return address.is_ipv6 ? 128 : 32; }

Address masked(Address address, unsigned prefix) {
  for (unsigned index = 0; index < address.bytes.size(); ++index) {
    const unsigned first_bit = index * 8;
    if (first_bit + 8 <= prefix) continue;
    const unsigned kept = first_bit >= prefix ? 0 : prefix - first_bit;
    address.bytes[index] = static_cast<std::uint8_t>(address.bytes[index] & (0xFF00U >> kept));
  }
  return address;
}

Error not_an_address(std::string_view text) {
  return {Code::invalid_argument, "'" + std::string(text.substr(0, 64)) + "' is not an IP address",
          "write it like 10.13.13.2 or fd00::2"};
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  if (text.empty() || text.size() > kMaxAddressText || text.find('\0') != std::string_view::npos) {
    return not_an_address(text);
  }
  const std::string terminated(text);
  Address address;
  address.is_ipv6 = terminated.find(':') != std::string::npos;
  // inet_pton refuses leading zeros, short forms ("10.1") and zones by itself.
  if (inet_pton(address.is_ipv6 ? AF_INET6 : AF_INET, terminated.c_str(), address.bytes.data()) != 1) {
    return not_an_address(text);
  }
  return address;
}

std::string to_string(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.is_ipv6 ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
  return text.data();
}

Result<Subnet> parse_subnet(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return Error{Code::invalid_argument, "'" + std::string(text.substr(0, 64)) + "' is not a subnet",
                 "write it with its prefix length, like 10.13.13.0/24"};
  }
  const auto address = CELL_TRY(parse_address(text.substr(0, slash)));
  const auto digits = text.substr(slash + 1);
  unsigned prefix = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  const bool is_number = failure == std::errc{} && end == digits.data() + digits.size();
  const bool has_leading_zero = digits.size() > 1 && digits.front() == '0';
  if (!is_number || has_leading_zero || prefix > bit_count(address)) {
    return Error{Code::invalid_argument, "'" + std::string(digits.substr(0, 16)) + "' is not a prefix length",
                 "use 0 to " + std::to_string(bit_count(address))};
  }
  const Subnet subnet{masked(address, prefix), prefix};
  if (subnet.base != address) {
    return Error{Code::invalid_argument, "'" + std::string(text) + "' has host bits set",
                 "use " + to_string(subnet)};
  }
  return subnet;
}

std::string to_string(const Subnet& subnet) {
  return to_string(subnet.base) + "/" + std::to_string(subnet.prefix);
}

bool contains(const Subnet& subnet, const Address& address) {
  return subnet.base.is_ipv6 == address.is_ipv6 && masked(address, subnet.prefix) == subnet.base;
}

bool overlaps(const Subnet& a, const Subnet& b) { return contains(a, b.base) || contains(b, a.base); }

std::optional<Address> nth(const Subnet& subnet, std::uint64_t n) {
  const unsigned host_bits = bit_count(subnet.base) - subnet.prefix;
  if (host_bits < 64 && (n >> host_bits) != 0) return std::nullopt;
  Address address = subnet.base;
  std::size_t index = bit_count(address) / 8;
  while (n != 0 && index > 0) {
    --index;
    address.bytes[index] = static_cast<std::uint8_t>(address.bytes[index] | (n & 0xFFU));
    n >>= 8;
  }
  return address;
}

std::optional<Address> first_free(const Subnet& subnet, const std::vector<Address>& used) {
  std::vector<Address> taken;
  std::copy_if(used.begin(), used.end(), std::back_inserter(taken),
               [&](const Address& address) { return contains(subnet, address); });
  std::sort(taken.begin(), taken.end());
  for (std::uint64_t n = 2;; ++n) {
    const auto candidate = nth(subnet, n);
    if (!candidate) return std::nullopt;
    // The last address of an IPv4 subnet is its broadcast address: no next one there.
    if (!candidate->is_ipv6 && !nth(subnet, n + 1)) return std::nullopt;
    if (!std::binary_search(taken.begin(), taken.end(), *candidate)) return candidate;
  }
}

}  // namespace cell::wireguard
