#include <array>

#include "hub/document.hpp"

namespace cell::hub {
namespace {

// FNV-1a 64; each text goes in with its length, so that "ab","c" and "a","bc" differ.
class Fnv {
 public:
  Fnv& number(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(value >> shift));
    return *this;
  }
  Fnv& text(const std::string& value) {
    number(value.size());
    for (const char c : value) byte(static_cast<std::uint8_t>(c));
    return *this;
  }
  // Mixed once more (the finaliser of SplitMix64), because the values are summed up.
  [[nodiscard]] std::uint64_t value() const {
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31);
  }

 private:
  void byte(std::uint8_t value) { state_ = (state_ ^ value) * 0x100000001B3ULL; }
  std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

std::uint64_t value_of(const Peer& peer) {
  const auto& policy = peer.policy;
  Fnv fnv;
  fnv.text(peer.public_key).text(peer.preshared_key).number(peer.addresses.size());
  for (const auto& address : peer.addresses) fnv.text(address);
  fnv.number(static_cast<std::uint64_t>(policy.internet) | static_cast<std::uint64_t>(policy.lan) << 1 |
             static_cast<std::uint64_t>(policy.peers) << 2 |
             static_cast<std::uint64_t>(policy.services) << 3);
  if (peer.exit != 0) fnv.number(peer.exit);
  return fnv.value();
}

std::uint64_t value_of_settings(const Document& document) {
  Fnv fnv;
  fnv.text(document.private_key).number(document.listen_port).number(document.mtu);
  fnv.text(document.ipv4_address)
      .text(document.ipv4_pool)
      .text(document.ipv6_address)
      .text(document.ipv6_pool);
  fnv.number(document.cell_subnets.size());
  for (const auto& subnet : document.cell_subnets) fnv.text(subnet);
  fnv.number(document.forwards.size());
  for (const auto& forward : document.forwards) {
    fnv.number(forward.port).text(forward.protocol).text(forward.target_ipv4).text(forward.target_ipv6);
    fnv.number(forward.target_port).number(forward.always ? 1 : 0);
  }
  for (const auto& exit : document.exits) fnv.number(exit.number).text(exit.ipv4).text(exit.ipv6);
  return fnv.value();
}

}  // namespace

Fingerprint::Fingerprint(const Document& document) : sum_(value_of_settings(document)) {
  for (const auto& peer : document.peers) add(peer);
}

void Fingerprint::add(const Peer& peer) { sum_ += value_of(peer); }
void Fingerprint::remove(const Peer& peer) { sum_ -= value_of(peer); }

std::string Fingerprint::text() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(sum_ >> shift) & 0xFU];
  return text;
}

std::string hash_of(const Document& document) { return Fingerprint(document).text(); }

}  // namespace cell::hub
