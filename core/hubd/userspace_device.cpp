#include <cerrno>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hubd/device.hpp"
#include "wireguard/uapi.hpp"

namespace cell::hubd {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartLimit = 5s;
constexpr auto kCallLimit = 10s;
constexpr auto kStartPoll = 10ms;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

Result<Descriptor> connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path))
    return Error{Code::invalid_argument, "socket path is too long"};
  std::memcpy(address.sun_path, path.c_str(), path.size());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return from_errno(errno, "cannot open a socket");
  const timeval limit{std::chrono::seconds(kCallLimit).count(), 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return from_errno(errno, "cannot reach wireguard-go");
  }
  return socket;
}

// The answer ends with an empty line; the connection stays open for more.
Result<std::string> ask(const Descriptor& socket, std::string_view request) {
  while (!request.empty()) {
    const auto sent = ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return from_errno(errno, "cannot write to wireguard-go");
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  std::string answer;
  std::vector<char> piece(64 * 1024);
  while (!answer.ends_with("\n\n")) {
    const auto received = ::recv(socket.get(), piece.data(), piece.size(), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0) return from_errno(errno, "cannot read from wireguard-go");
    if (received == 0) return Error{Code::unavailable, "wireguard-go closed its socket"};
    answer.append(piece.data(), static_cast<std::size_t>(received));
  }
  return answer;
}

// In a session of its own, so that it outlives an agent that is killed and is adopted by the next.
Result<pid_t> spawn_wireguard_go(const std::string& interface) {
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  std::string program = "wireguard-go";
  std::string name = interface;
  char* arguments[] = {program.data(), name.data(), nullptr};
  std::string level = "LOG_LEVEL=error";
  std::string foreground =
      "WG_PROCESS_FOREGROUND=1";  // instead of --foreground it also keeps the banner away
  std::string path =
      std::string("PATH=") + (std::getenv("PATH") != nullptr ? std::getenv("PATH") : "/usr/bin:/bin");
  char* environment[] = {level.data(), foreground.data(), path.data(), nullptr};
  pid_t child = 0;
  const int failure = ::posix_spawnp(&child, program.c_str(), nullptr, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  if (failure != 0) return from_errno(failure, "cannot start wireguard-go");
  return child;
}

class UserspaceDevice final : public Device {
 public:
  UserspaceDevice(std::string interface, std::string reason)
      : interface_(std::move(interface)),
        reason_(std::move(reason)),
        path_("/var/run/wireguard/" + interface_ + ".sock") {}

  Result<void> ensure() override {
    if (is_alive() && connect_to(path_)) return {};
    stop_child();
    child_ = CELL_TRY(spawn_wireguard_go(interface_));
    const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
    while (std::chrono::steady_clock::now() < deadline) {
      if (has_ended()) break;
      if (is_alive() && connect_to(path_)) return {};
      std::this_thread::sleep_for(kStartPoll);
    }
    stop_child();
    return Error{Code::unavailable, "wireguard-go did not start",
                 "the hub's container needs /dev/net/tun and NET_ADMIN; see its log"};
  }

  [[nodiscard]] bool is_alive() const override { return ::if_nametoindex(interface_.c_str()) != 0; }

  Result<wireguard::DeviceActual> read() override {
    const auto socket = CELL_TRY(connect_to(path_));
    const auto answer = CELL_TRY(ask(socket, wireguard::kUapiGet));
    return wireguard::parse_uapi(answer);
  }

  Result<void> change(const wireguard::DeviceChange& change) override {
    const auto socket = CELL_TRY(connect_to(path_));
    const auto request = CELL_TRY(wireguard::render_uapi(change));
    const auto answer = CELL_TRY(ask(socket, request));
    const int number = CELL_TRY(wireguard::uapi_errno(answer));
    if (number != 0) return from_errno(number < 0 ? -number : number, "wireguard-go refused the change");
    return {};
  }

  [[nodiscard]] std::string backend() const override { return "userspace"; }
  [[nodiscard]] std::string backend_reason() const override { return reason_; }

 private:
  bool has_ended() {
    if (child_ <= 0 || ::waitpid(child_, nullptr, WNOHANG) == 0) return false;
    child_ = 0;
    return true;
  }

  void stop_child() {
    if (child_ <= 0 || has_ended()) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }

  std::string interface_;
  std::string reason_;
  std::string path_;
  pid_t child_ = 0;
};

}  // namespace

std::unique_ptr<Device> make_userspace_device(const std::string& interface, const std::string& reason) {
  return std::make_unique<UserspaceDevice>(interface, reason);
}

}  // namespace cell::hubd
