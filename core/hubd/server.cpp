#include "hubd/server.hpp"

#include <cerrno>
#include <cstring>

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "hub/protocol.hpp"

namespace cell::hubd {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxConnections = 16;  // celld and a curious owner
constexpr auto kIdleLimit = 30s;
constexpr auto kTick = 1s;

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGCHLD}) sigaddset(&set, signal);
  return set;
}

bool would_block() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

void Server::block_signals() {
  const auto set = handled_signals();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

Result<std::unique_ptr<Server>> Server::open(const std::filesystem::path& path, Hooks hooks) {
  auto server = std::unique_ptr<Server>(new Server(path, std::move(hooks)));
  CELL_TRY(server->listen());
  return server;
}

Server::~Server() {
  for (const auto& [descriptor, connection] : connections_) ::close(descriptor);
  if (listener_ >= 0) {
    ::close(listener_);
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  if (signals_ >= 0) ::close(signals_);
}

Result<void> Server::listen() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.native().size() >= sizeof(address.sun_path)) {
    return Error{Code::invalid_argument, "the socket's path is too long", "use a shorter CELL_DIR"};
  }
  std::memcpy(address.sun_path, path_.c_str(), path_.native().size());
  CELL_TRY(ensure_directory(path_.parent_path()));
  const auto set = handled_signals();
  signals_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (signals_ < 0) return from_errno(errno, "cannot watch for signals");
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return from_errno(errno, "cannot open a socket");
  const auto before = ::umask(0177);
  const int bound = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int bind_error = errno;
  ::umask(before);
  if (bound != 0 || ::listen(descriptor, static_cast<int>(kMaxConnections)) != 0) {
    const int error_number = bound != 0 ? bind_error : errno;
    ::close(descriptor);
    return from_errno(error_number, "cannot listen on '" + path_.string() + "'");
  }
  listener_ = descriptor;
  return {};
}

Result<void> Server::run() {
  auto next_tick = std::chrono::steady_clock::now() + kTick;
  for (;;) {
    std::vector<pollfd> entries{{signals_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& [descriptor, connection] : connections_) {
      entries.push_back({descriptor, static_cast<short>(connection.output.empty() ? POLLIN : POLLOUT), 0});
    }
    const auto wait =
        std::chrono::ceil<std::chrono::milliseconds>(next_tick - std::chrono::steady_clock::now());
    const int ready = ::poll(entries.data(), entries.size(), static_cast<int>(std::max(wait, 0ms).count()));
    if (ready < 0 && errno != EINTR) return from_errno(errno, "cannot wait for requests");
    if (take_signals()) return {};
    for (std::size_t index = 2; index < entries.size(); ++index) {
      if (entries[index].revents != 0) serve(entries[index].fd, entries[index].revents);
    }
    if ((entries[1].revents & POLLIN) != 0) accept_all();
    hooks_.after_answers();
    if (std::chrono::steady_clock::now() >= next_tick) {
      drop_idle();
      hooks_.tick();
      next_tick = std::chrono::steady_clock::now() + kTick;
    }
  }
}

// True when the agent has to end. As the first process of its container it also inherits orphans.
bool Server::take_signals() {
  signalfd_siginfo info{};
  bool has_child_ended = false;
  while (::read(signals_, &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) {
    if (info.ssi_signo != SIGCHLD) return true;
    has_child_ended = true;
  }
  if (has_child_ended) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    hooks_.tick();
  }
  return false;
}

void Server::accept_all() {
  for (;;) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return;
    if (connections_.size() >= kMaxConnections) {
      ::close(descriptor);
      continue;
    }
    connections_[descriptor].last_progress = std::chrono::steady_clock::now();
  }
}

void Server::serve(int descriptor, short events) {
  const auto found = connections_.find(descriptor);
  if (found == connections_.end()) return;
  auto& connection = found->second;
  bool is_open = (events & (POLLERR | POLLNVAL)) == 0;
  if (is_open && (events & (POLLIN | POLLHUP)) != 0) is_open = read_from(descriptor, connection);
  if (is_open && !connection.output.empty()) is_open = write_to(descriptor, connection);
  if (!is_open) close_connection(descriptor);
}

bool Server::read_from(int descriptor, Connection& connection) {
  std::vector<char> piece(256 * 1024);
  const auto received = ::recv(descriptor, piece.data(), piece.size(), 0);
  if (received == 0) return false;
  if (received < 0) return would_block();
  connection.last_progress = std::chrono::steady_clock::now();
  connection.reader.append({piece.data(), static_cast<std::size_t>(received)});
  return answer_frames(connection);
}

bool Server::answer_frames(Connection& connection) {
  for (;;) {
    auto request = connection.reader.next();
    if (!request) return false;
    if (!*request) return true;
    auto frame = hub::encode_frame(hooks_.answer(**request));
    if (!frame) return false;
    connection.output += *frame;
  }
}

bool Server::write_to(int descriptor, Connection& connection) {
  while (!connection.output.empty()) {
    const auto sent = ::send(descriptor, connection.output.data(), connection.output.size(), MSG_NOSIGNAL);
    if (sent < 0) return would_block();
    connection.output.erase(0, static_cast<std::size_t>(sent));
    connection.last_progress = std::chrono::steady_clock::now();
  }
  return true;
}

// Only connections in the middle of a message: one that waits between messages costs nothing.
void Server::drop_idle() {
  const auto now = std::chrono::steady_clock::now();
  std::vector<int> stuck;
  for (const auto& [descriptor, connection] : connections_) {
    const bool is_half = !connection.reader.is_empty() || !connection.output.empty();
    if (is_half && now - connection.last_progress > kIdleLimit) stuck.push_back(descriptor);
  }
  for (const int descriptor : stuck) close_connection(descriptor);
}

void Server::close_connection(int descriptor) {
  ::close(descriptor);
  connections_.erase(descriptor);
}

}  // namespace cell::hubd
