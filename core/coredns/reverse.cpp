#include "coredns/reverse.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

#include "coredns/name.hpp"
#include "coredns/zone.hpp"

namespace cell::coredns {

namespace {

constexpr unsigned kTtl = 60;  // as the names themselves have

// An address in the units that its labels are made of: four octets, or 32 nibbles.
struct Labels {
  std::vector<unsigned> units;
  unsigned bits = 8;  // of a unit
  [[nodiscard]] bool is_v6() const { return bits == 4; }
};

Labels labels_of(const std::string& address) {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1)
    return {{bytes[0], bytes[1], bytes[2], bytes[3]}, 8};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return {};
  Labels labels{{}, 4};
  for (const unsigned char byte : bytes) {
    labels.units.push_back(byte >> 4U);
    labels.units.push_back(byte & 0xfU);
  }
  return labels;
}

std::string name_of(const Labels& labels, std::size_t count) {
  std::string name;
  for (std::size_t i = count; i-- > 0;) {
    name += labels.is_v6() ? std::string(1, "0123456789abcdef"[labels.units[i]])
                           : std::to_string(labels.units[i]);
    name += '.';
  }
  return name + (labels.is_v6() ? "ip6.arpa" : "in-addr.arpa");
}

}  // namespace

std::string reverse_name(const std::string& address) {
  const Labels labels = labels_of(address);
  return labels.units.empty() ? std::string() : name_of(labels, labels.units.size());
}

std::vector<std::string> reverse_zones(const std::string& subnet) {
  const auto slash = subnet.find('/');
  Labels labels = labels_of(subnet.substr(0, slash));
  if (slash == std::string::npos || labels.units.empty()) return {};
  const auto most = static_cast<unsigned>(labels.units.size()) * labels.bits;
  unsigned prefix = 0;
  const char* end = subnet.data() + subnet.size();
  const auto [stop, failure] = std::from_chars(subnet.data() + slash + 1, end, prefix);
  if (failure != std::errc{} || stop != end || prefix == 0 || prefix > most) return {};
  prefix = std::min(prefix, most - labels.bits);  // the last label is the record's own
  const unsigned whole = prefix / labels.bits;
  const unsigned rest = prefix % labels.bits;
  if (rest == 0) return {name_of(labels, whole)};
  const unsigned count = 1U << (labels.bits - rest);
  const unsigned first = labels.units[whole] & ~(count - 1);
  std::vector<std::string> zones;
  for (unsigned i = 0; i < count; ++i) {
    labels.units[whole] = first + i;
    zones.push_back(name_of(labels, whole + 1));
  }
  return zones;
}

std::string render_reverse_zone(const std::string& zone, const std::string& domain,
                                const std::vector<Pointer>& pointers) {
  const std::string ending = "." + zone;
  std::vector<std::string> lines;
  for (const Pointer& pointer : pointers) {
    const std::string name = reverse_name(pointer.address);
    if (!name.ends_with(ending) || !is_name(pointer.name, Underscore::refused)) continue;
    lines.push_back(name.substr(0, name.size() - ending.size()) + " " + std::to_string(kTtl) + " IN PTR " +
                    absolute(pointer.name) + "\n");
  }
  return master_file(zone, absolute("ns." + domain), absolute("hostmaster." + domain), std::move(lines), 0);
}

}  // namespace cell::coredns
