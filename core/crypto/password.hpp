#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::crypto {

// argon2id (RFC 9106), 19 MiB, t = 2, p = 1, random 16-byte salt, as a PHC string. About 30 ms of CPU.
Result<std::string> hash_password(const Secret& password);
// False also for a hash that can't be read.
bool verify_password(const Secret& password, std::string_view phc);
// True when the hash was made with weaker parameters than today's.
bool needs_rehash(std::string_view phc);

}  // namespace cell::crypto
