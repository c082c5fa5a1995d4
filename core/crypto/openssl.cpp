#include "crypto/openssl.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

#include <openssl/err.h>

namespace cell::crypto {

Error openssl_error(std::string_view doing) {
  const unsigned long code = ERR_peek_last_error();
  std::array<char, 256> reason{};
  if (code != 0) ERR_error_string_n(code, reason.data(), reason.size());
  ERR_clear_error();
  std::string message(doing);
  if (code != 0) message += std::string(": ") + reason.data();
  return Error{Code::internal, std::move(message)};
}

void require(bool worked, const char* doing) noexcept {
  if (worked) return;
  std::fprintf(stderr, "fatal: cannot %s\n", doing);
  std::abort();
}

}  // namespace cell::crypto
