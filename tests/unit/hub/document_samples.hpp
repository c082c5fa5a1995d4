#pragma once

#include <string>

#include "hub/document.hpp"

namespace cell::hub {

// Base64 of 32 times the byte `number` (below 64, so that the text is easy to tell apart).
inline std::string key_of(int number) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto digit = [&](int value) { return kDigits[static_cast<std::size_t>(value & 63)]; };
  const std::string group{digit(number >> 2), digit(number << 4 | number >> 4), digit(number << 2),
                          digit(number)};
  std::string key;
  for (int index = 0; index < 10; ++index) key += group;
  return key + group.substr(0, 2) + digit(number << 2) + "=";
}

inline Document sample_document() {
  return {.private_key = key_of(1),
          .listen_port = 51820,
          .mtu = 1420,
          .ipv4_address = "10.13.13.1",
          .ipv4_pool = "10.13.13.0/24",
          .ipv6_address = "fd00::1",
          .ipv6_pool = "fd00::/64",
          .cell_subnets = {"172.20.0.0/16"},
          .forwards = {{53, "udp", "172.20.0.3", "fd01::3", 53, true}},
          .peers = {{key_of(2), "", {"10.13.13.2", "fd00::2"}, {}},
                    {key_of(3), key_of(4), {"10.13.13.3"}, {true, true, false, false}}}};
}

}  // namespace cell::hub
