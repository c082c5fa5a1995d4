#include "crypto/random.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>

#include <sys/random.h>

#include "crypto/encoding.hpp"
#include "crypto/openssl.hpp"

namespace cell::crypto {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = ::getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    require(got > 0, "get random numbers from the kernel");
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string random_token(std::size_t count) { return to_base64url(random_bytes(count)); }

std::string random_id() {
  std::string id = to_base32(random_bytes(16));
  std::transform(id.begin(), id.end(), id.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return id;
}

}  // namespace cell::crypto
