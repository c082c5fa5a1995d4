#pragma once

#include <cstdint>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

// What the load programs share. They speak to 127.0.0.1 only.
namespace bench {

// As many descriptors as the machine allows without asking for more rights.
inline std::size_t raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

inline sockaddr_in loopback(std::uint32_t host_order, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(host_order);
  address.sin_port = htons(port);
  return address;
}

// A non-blocking socket on its way from 127.0.SOURCE.1 to 127.0.0.1:PORT; -1 when there is none to be had.
inline int begin_connect(std::uint16_t source, std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  // The port is chosen at connect(): one per target, not one per machine.
  ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const auto from = loopback(INADDR_LOOPBACK + (std::uint32_t{source} << 8U), 0);
  const auto target = loopback(INADDR_LOOPBACK, port);
  ::bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof from);
  ::connect(fd, reinterpret_cast<const sockaddr*>(&target), sizeof target);
  return fd;
}

}  // namespace bench
