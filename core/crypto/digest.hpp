#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace cell::crypto {

std::string sha256(std::string_view data);                             // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view data);  // 32 bytes
std::string hmac_sha1(std::string_view key, std::string_view data);    // 20 bytes, for TOTP (RFC 6238)

// SHA-256 of what comes in pieces. One thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void add(std::string_view data);
  std::string finish();  // 32 bytes; nothing may be added afterwards

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// In time that depends on the lengths only.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace cell::crypto
