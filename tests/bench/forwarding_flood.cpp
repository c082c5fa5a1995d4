// Sends UDP datagrams as fast as the socket takes them: forwarding_flood ADDRESS PORT SECONDS [SIZE [SOURCE]]
// Prints how many were sent. For the firewall's tests and benchmarks; IPv4 only.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr unsigned kBatch = 64;

sockaddr_in endpoint(const char* address, int port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(static_cast<std::uint16_t>(port));
  if (inet_pton(AF_INET, address, &result.sin_addr) != 1) {
    std::fprintf(stderr, "not an IPv4 address: %s\n", address);
    std::exit(2);
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (argc > 5) {
    const auto source = endpoint(argv[5], 0);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&source), sizeof(source)) != 0) return 1;
  }
  const auto target = endpoint(argv[1], std::atoi(argv[2]));
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&target), sizeof(target)) != 0) return 1;
  std::vector<char> payload(argc > 4 ? static_cast<std::size_t>(std::atoi(argv[4])) : 64, 'x');
  iovec part{payload.data(), payload.size()};
  std::array<mmsghdr, kBatch> messages{};
  for (auto& message : messages) {
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(std::atof(argv[3]));
  unsigned long long sent = 0;
  while (std::chrono::steady_clock::now() < end) {
    // A refused or full socket is part of the load, not an error.
    const int count = ::sendmmsg(socket, messages.data(), kBatch, 0);
    if (count > 0) sent += static_cast<unsigned long long>(count);
  }
  std::printf("%llu\n", sent);
  ::close(socket);
  return 0;
}
