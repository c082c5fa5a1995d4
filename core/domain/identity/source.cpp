#include "domain/identity/source.hpp"

#include <algorithm>

namespace cell::identity {

Result<wireguard::Address> client_address(std::string_view text) {
  wireguard::Address address = CELL_TRY(wireguard::parse_address(text));
  const auto& bytes = address.bytes;
  const bool is_mapped =
      address.is_ipv6 && bytes[10] == 0xFF && bytes[11] == 0xFF &&
      std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t byte) { return byte == 0; });
  if (!is_mapped) return address;
  wireguard::Address v4;
  std::copy(bytes.begin() + 12, bytes.end(), v4.bytes.begin());
  return v4;
}

std::string source_key(std::string_view address) {
  const auto parsed = client_address(address);
  if (!parsed) return "?" + std::string(address.substr(0, 64));
  const std::ptrdiff_t length = parsed->is_ipv6 ? 8 : 4;
  return (parsed->is_ipv6 ? "6" : "4") + std::string(parsed->bytes.begin(), parsed->bytes.begin() + length);
}

}  // namespace cell::identity
