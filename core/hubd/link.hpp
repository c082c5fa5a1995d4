#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace cell::hubd {

struct LinkSpec {
  std::string interface;
  std::uint16_t mtu = 0;
  std::vector<std::string> addresses;  // with the pool's prefix: the kernel makes the pool's route from it
};

// The lines for `ip -batch` that make the interface so; `facts` is the answer of `ip -j address show`. Empty
// when it is so already. Adds before it deletes: removing the last address also drops the routes that use it.
Result<std::string> link_batch(const LinkSpec& spec, const Json& facts);

// True when something was changed.
Result<bool> ensure_link(const LinkSpec& spec);

// What the container's settings lack for forwarding, worded for the status; empty when all is well.
std::string forwarding_problem(bool needs_ipv6);

// False where the kernel or the container has IPv6 switched off for the interface.
bool has_ipv6(const std::string& interface);

}  // namespace cell::hubd
