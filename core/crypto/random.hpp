#pragma once

#include <cstddef>
#include <string>

namespace cell::crypto {

// `count` bytes from the operating system's CSPRNG. Aborts the process if there are none: nothing may go on
// without.
std::string random_bytes(std::size_t count);
// `count` random bytes as unpadded base64url, e.g. 32 → 43 characters.
std::string random_token(std::size_t count = 32);
// 128 random bits as 26 lower-case base32 characters; for ids.
std::string random_id();

}  // namespace cell::crypto
