#pragma once

#include <string>
#include <utility>

#include <sys/types.h>

#include "base/result.hpp"

namespace cell::http {

// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  [[nodiscard]] int get() const { return fd_; }
  void reset();

 private:
  int fd_ = -1;
};

struct ListeningSocket {
  Descriptor socket;
  std::string address;    // as bound, with the real port
  std::string unix_path;  // empty for TCP
};

// Binds and listens, non-blocking. `address` as in http::Listener. A unix socket file that nobody answers on
// is replaced.
Result<ListeningSocket> listen_on(const std::string& address, mode_t unix_mode);

struct Accepted {
  Descriptor socket;
  std::string remote_address;  // "192.0.2.1", "2001:db8::1"; "unix" on a unix socket
  // Whom the connection counts for: the IPv4 address, the /64 of an IPv6 one (a household has that many
  // addresses), nobody on a unix socket, where everybody behind the proxy would share one.
  std::string source;
  bool loopback = false;
};

// The next waiting connection. Without one: an Error, and errno in `error_number` (EAGAIN: nobody waits).
Result<Accepted> accept_from(int listening, bool is_unix, int& error_number);

}  // namespace cell::http
