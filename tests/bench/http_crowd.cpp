// Clients that are in the way of the busy ones: http_crowd idle|slow PORT COUNT SECONDS PATH [COOKIE]
//   idle  each makes one request, reads the answer and keeps the connection
//   slow  each sends a byte of a request's head a second, for ever; who is turned away comes again
// Prints `ready N` when N are there (at most 10 s after the start), `held N came_again M` at the end: after
// SECONDS, or when standard input ends.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "loopback.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kReadyLimit = 10s;
constexpr auto kDrip = 1s;
// Below the queue of a listening socket, so that nobody's connection waits for a resent SYN.
constexpr std::size_t kConnectAtOnce = 100;
constexpr std::string_view kSlowHead = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";

struct Client {
  int fd = -1;
  bool is_there = false;  // idle: was answered; slow: has sent something
};

class Crowd {
 public:
  Crowd(bool is_slow, std::uint16_t port, std::size_t count, std::string request)
      : is_slow_(is_slow), port_(port), request_(std::move(request)), clients_(count) {}

  void run(std::chrono::seconds limit) {
    const auto begun = Clock::now();
    auto next_drip = begun + kDrip;
    bool has_told = false;
    for (auto now = begun; now < begun + limit && !is_told_to_end(); now = Clock::now()) {
      open_missing();
      serve();
      if (is_slow_ && now >= next_drip) {
        next_drip += kDrip;
        for (auto& client : clients_) drip(client);
      }
      if (!has_told && (there() == clients_.size() || now - begun > kReadyLimit)) {
        has_told = true;
        std::printf("ready %zu\n", there());
        std::fflush(stdout);
      }
    }
    std::printf("held %zu came_again %zu\n", there(), opened_ - std::min(opened_, clients_.size()));
  }

 private:
  [[nodiscard]] std::size_t there() const {
    return static_cast<std::size_t>(
        std::count_if(clients_.begin(), clients_.end(), [](const Client& c) { return c.is_there; }));
  }

  static bool is_told_to_end() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char ignored = 0;
    return ::poll(&input, 1, 0) > 0 && ::read(STDIN_FILENO, &ignored, 1) <= 0;
  }

  void open_missing() {
    std::size_t opened = 0;
    for (std::size_t at = 0; at < clients_.size() && opened < kConnectAtOnce; ++at) {
      // An idle one whose server hung up stays away: its place shows in `held`.
      if (clients_[at].fd >= 0 || (!is_slow_ && opened_ >= clients_.size())) continue;
      clients_[at] = {bench::begin_connect(1, port_), false};
      if (clients_[at].fd < 0) continue;
      ++opened;
      ++opened_;
      epoll_event event{};
      event.events = EPOLLOUT;
      event.data.u64 = at;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_[at].fd, &event);
    }
  }

  void serve() {
    std::array<epoll_event, 256> events{};
    const int found = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 20);
    for (int i = 0; i < found; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      Client& client = clients_[event.data.u64];
      if ((event.events & EPOLLOUT) != 0) begin(client, event.data.u64);
      if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(client);
    }
  }

  void begin(Client& client, std::size_t at) {
    const std::string_view text = is_slow_ ? kSlowHead : std::string_view(request_);
    if (::send(client.fd, text.data(), text.size(), MSG_NOSIGNAL) < 0) return leave(client);
    client.is_there = is_slow_;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = at;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, client.fd, &event);
  }

  void read(Client& client) {
    std::array<char, 4096> buffer{};
    const auto count = ::recv(client.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN)) return leave(client);
    if (count > 0 && !is_slow_) client.is_there = true;
  }

  void drip(Client& client) {
    if (client.is_there && ::send(client.fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN)
      leave(client);
  }

  static void leave(Client& client) {
    if (client.fd >= 0) ::close(client.fd);
    client = {};
  }

  bool is_slow_;
  std::uint16_t port_;
  std::string request_;
  std::vector<Client> clients_;
  std::size_t opened_ = 0;
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6 || (std::strcmp(argv[1], "idle") != 0 && std::strcmp(argv[1], "slow") != 0)) {
    std::fputs("usage: http_crowd idle|slow PORT COUNT SECONDS PATH [COOKIE]\n", stderr);
    return 2;
  }
  bench::raise_descriptor_limit();
  const std::string cookie = argc > 6 ? "Cookie: " + std::string(argv[6]) + "\r\n" : "";
  Crowd crowd(std::strcmp(argv[1], "slow") == 0, static_cast<std::uint16_t>(std::atoi(argv[2])),
              static_cast<std::size_t>(std::atoi(argv[3])),
              "GET " + std::string(argv[5]) + " HTTP/1.1\r\nHost: localhost\r\n" + cookie + "\r\n");
  crowd.run(std::chrono::seconds(std::atoi(argv[4])));
  return 0;
}
