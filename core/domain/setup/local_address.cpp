#include "domain/setup/local_address.hpp"

#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cell::setup {

namespace {

class Socket {
 public:
  explicit Socket(int family) : fd_(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

template <class Address>
bool read_local(int family, const Address& far, Address& near) {
  const Socket socket(family);
  socklen_t length = sizeof(near);
  // connect() on a datagram socket only chooses the route.
  return socket.get() >= 0 &&
         connect(socket.get(), reinterpret_cast<const sockaddr*>(&far), sizeof(far)) == 0 &&
         getsockname(socket.get(), reinterpret_cast<sockaddr*>(&near), &length) == 0;
}

}  // namespace

std::optional<std::string> local_address() {
  std::array<char, INET6_ADDRSTRLEN> text{};
  sockaddr_in far4{};
  sockaddr_in near4{};
  far4.sin_family = AF_INET;
  far4.sin_port = htons(9);
  inet_pton(AF_INET, "192.0.2.1",
            &far4.sin_addr);  // TEST-NET-1 (RFC 5737), reached by the default route only
  if (read_local(AF_INET, far4, near4)) {
    const std::string address = inet_ntop(AF_INET, &near4.sin_addr, text.data(), text.size());
    if (!address.starts_with("127.") && address != "0.0.0.0") return address;
  }
  sockaddr_in6 far6{};
  sockaddr_in6 near6{};
  far6.sin6_family = AF_INET6;
  far6.sin6_port = htons(9);
  inet_pton(AF_INET6, "2001:db8::1", &far6.sin6_addr);  // RFC 3849
  if (!read_local(AF_INET6, far6, near6) || IN6_IS_ADDR_LOOPBACK(&near6.sin6_addr)) return std::nullopt;
  return std::string(inet_ntop(AF_INET6, &near6.sin6_addr, text.data(), text.size()));
}

}  // namespace cell::setup
