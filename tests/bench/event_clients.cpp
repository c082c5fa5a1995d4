// Many clients of an event stream in one process: event_clients PORT COUNT SECONDS PATH COOKIE EVENT
// Prints `ready N` when N streams are open (at most 60 s after the start), then for each event named EVENT
// that all of them have got `event K FIRST LAST` (CLOCK_MONOTONIC in microseconds: the first and the last
// client's), and at its end `open N`. Ends after SECONDS, or when standard input ends. 1,000 clients share
// one source address 127.0.X.1.
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "loopback.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kReadyLimit = 60s;
constexpr std::size_t kPerAddress = 1'000;
// The server's listening queue holds 1,024; a SYN beyond it is resent a second later.
constexpr std::size_t kConnecting = 256;

struct Client {
  int fd = -1;
  bool is_open = false;
  std::size_t events = 0;
  std::string rest;  // what has come of the next message
};

struct Delivery {
  std::size_t clients = 0;
  long long first_us = 0;
};

class Clients {
 public:
  Clients(std::uint16_t port, std::size_t count, std::string request, std::string event)
      : port_(port),
        request_(std::move(request)),
        event_("event: " + std::move(event) + "\n"),
        clients_(count) {}

  void run(std::chrono::seconds limit) {
    const auto begun = Clock::now();
    bool has_told = false;
    for (auto now = begun; now < begun + limit && !is_told_to_end(); now = Clock::now()) {
      while (started_ < clients_.size() && connecting_ < kConnecting) start(started_++);
      serve();
      if (!has_told && (open_ == clients_.size() || now - begun > kReadyLimit)) {
        has_told = true;
        std::printf("ready %zu\n", open_);
        std::fflush(stdout);
      }
    }
    std::printf("open %zu\n", open_);
  }

 private:
  static bool is_told_to_end() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char ignored = 0;
    return ::poll(&input, 1, 0) > 0 && ::read(STDIN_FILENO, &ignored, 1) <= 0;
  }

  static long long now_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
  }

  void start(std::size_t at) {
    Client& client = clients_[at];
    client.fd = bench::begin_connect(static_cast<std::uint16_t>(1 + at / kPerAddress), port_);
    if (client.fd < 0) return;
    ++connecting_;
    watch(at, EPOLLOUT, EPOLL_CTL_ADD);
  }

  void watch(std::size_t at, std::uint32_t events, int how) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = at;
    ::epoll_ctl(epoll_, how, clients_[at].fd, &event);
  }

  void serve() {
    std::array<epoll_event, 512> events{};
    const int found = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 50);
    for (int i = 0; i < found; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      const std::size_t at = event.data.u64;
      if ((event.events & EPOLLOUT) != 0) {
        ::send(clients_[at].fd, request_.data(), request_.size(), MSG_NOSIGNAL);
        watch(at, EPOLLIN, EPOLL_CTL_MOD);
      } else {
        read(clients_[at]);
      }
    }
  }

  void read(Client& client) {
    std::array<char, 4096> buffer{};
    const auto count = ::recv(client.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return leave(client);
    client.rest.append(buffer.data(), static_cast<std::size_t>(count));
    if (!client.is_open && !read_head(client)) return;
    for (auto end = client.rest.find("\n\n"); end != std::string::npos; end = client.rest.find("\n\n")) {
      if (client.rest.substr(0, end + 1).find(event_) != std::string::npos) got_event(client);
      client.rest.erase(0, end + 2);
    }
  }

  bool read_head(Client& client) {
    const auto end = client.rest.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    --connecting_;
    if (!client.rest.starts_with("HTTP/1.1 200")) {
      std::fprintf(stderr, "%.*s\n", static_cast<int>(end), client.rest.c_str());
      leave(client);
      return false;
    }
    client.rest.erase(0, end + 4);
    client.is_open = true;
    ++open_;
    return true;
  }

  void got_event(Client& client) {
    const long long now = now_us();
    if (deliveries_.size() == client.events) deliveries_.push_back({0, now});
    Delivery& delivery = deliveries_[client.events++];
    if (++delivery.clients < open_) return;
    std::printf("event %zu %lld %lld\n", client.events, delivery.first_us, now);
    std::fflush(stdout);
  }

  void leave(Client& client) {
    if (client.is_open) --open_;
    ::close(client.fd);
    client = {};
  }

  std::uint16_t port_;
  std::string request_;
  std::string event_;
  std::vector<Client> clients_;
  std::vector<Delivery> deliveries_;
  std::size_t started_ = 0;
  std::size_t connecting_ = 0;
  std::size_t open_ = 0;
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 7) {
    std::fputs("usage: event_clients PORT COUNT SECONDS PATH COOKIE EVENT\n", stderr);
    return 2;
  }
  const auto count = static_cast<std::size_t>(std::atoi(argv[2]));
  if (const auto limit = bench::raise_descriptor_limit(); limit < count + 64) {
    std::fprintf(stderr, "%zu clients need more than the %zu descriptors that the machine allows\n", count,
                 limit);
    return 1;
  }
  Clients clients(
      static_cast<std::uint16_t>(std::atoi(argv[1])), count,
      "GET " + std::string(argv[4]) + " HTTP/1.1\r\nHost: localhost\r\nCookie: " + argv[5] + "\r\n\r\n",
      argv[6]);
  clients.run(std::chrono::seconds(std::atoi(argv[3])));
  return 0;
}
