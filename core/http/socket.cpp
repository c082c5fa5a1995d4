#include "http/socket.hpp"

#include <cerrno>

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace cell::http {

namespace {

constexpr int kBacklog = 1024;
constexpr std::string_view kUnixPrefix = "unix:";

Error in_use(const std::string& address) {
  return Error{Code::unavailable, "address " + address + " is already in use",
               "stop the program that uses it (ss -ltnp shows it) or choose another port"};
}

bool somebody_answers(const sockaddr_un& address) {
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // EAGAIN: its queue is full, so somebody is there.
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
         errno == EAGAIN;
}

Result<ListeningSocket> listen_unix(const std::string& path, mode_t mode) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{Code::invalid_argument, "the socket path '" + path + "' is too long",
                 "choose a shorter CELL_DIR"};
  }
  path.copy(address.sun_path, path.size());
  if (somebody_answers(address)) {
    return Error{Code::unavailable, "the socket '" + path + "' is already in use",
                 "another cell runs with this CELL_DIR: stop it first"};
  }
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
  ListeningSocket listening{Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
                            path, path};
  // The mode before listen(): nobody can connect while it is still wider or narrower.
  if (::bind(listening.socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), mode) != 0 || ::listen(listening.socket.get(), kBacklog) != 0) {
    return from_errno(errno, "cannot listen on '" + path + "'");
  }
  return listening;
}

std::string bound_address(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length);
  return Poco::Net::SocketAddress(reinterpret_cast<const sockaddr*>(&storage), length).toString();
}

Result<ListeningSocket> listen_tcp(const Poco::Net::SocketAddress& address) {
  ListeningSocket listening{
      Descriptor(::socket(address.af(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)), {}, {}};
  const int fd = listening.socket.get();
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address.af() == AF_INET6) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(fd, address.addr(), address.length()) != 0 || ::listen(fd, kBacklog) != 0) {
    if (errno == EADDRINUSE) return in_use(address.toString());
    return from_errno(errno, "cannot listen on " + address.toString());
  }
  listening.address = bound_address(fd);
  return listening;
}

}  // namespace

void Descriptor::reset() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<ListeningSocket> listen_on(const std::string& address, mode_t unix_mode) {
  if (address.starts_with(kUnixPrefix)) return listen_unix(address.substr(kUnixPrefix.size()), unix_mode);
  try {
    return listen_tcp(Poco::Net::SocketAddress(address));
  } catch (const Poco::Exception& e) {
    return Error{Code::invalid_argument,
                 "'" + address + "' is not an address to listen on: " + e.displayText()};
  }
}

Result<Accepted> accept_from(int listening, bool is_unix, int& error_number) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  Accepted accepted;
  accepted.socket = Descriptor(
      ::accept4(listening, reinterpret_cast<sockaddr*>(&storage), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
  error_number = accepted.socket.get() < 0 ? errno : 0;
  if (error_number != 0) return from_errno(error_number, "cannot accept a connection");
  if (is_unix) {
    accepted.remote_address = "unix";
    return accepted;
  }
  const int on = 1;
  ::setsockopt(accepted.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const Poco::Net::IPAddress address =
      Poco::Net::SocketAddress(reinterpret_cast<const sockaddr*>(&storage), length).host();
  accepted.loopback = address.isLoopback();
  accepted.remote_address = address.toString();
  constexpr std::size_t kPrefixBytes = 8;
  const bool is_v6 = address.af() == AF_INET6;
  accepted.source =
      is_v6 ? std::string(static_cast<const char*>(address.addr()), kPrefixBytes) : accepted.remote_address;
  return accepted;
}

}  // namespace cell::http
