#include "http/park_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "http/reply.hpp"

namespace cell::http {

namespace {

using SteadyClock = std::chrono::steady_clock;
using Phase = Connection::Phase;

constexpr std::chrono::milliseconds kDrainTime{2000};
constexpr std::chrono::milliseconds kAcceptPause{200};
constexpr std::chrono::milliseconds kSendTime{30'000};

}  // namespace

bool ConnectionCounter::add(const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (total_ >= max_total_) return false;
  std::size_t& own = by_address_[address];
  // Everybody behind the proxy shares one address.
  if (own >= max_per_address_ && address != "unix") return false;
  ++own;
  ++total_;
  return true;
}

void ConnectionCounter::remove(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return;
  if (--found->second == 0) by_address_.erase(found);
  --total_;
}

std::size_t ConnectionCounter::total() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

struct ParkLoop::Impl {
  std::vector<Listener> listeners;
  std::vector<int> sockets;
  Limits limits;
  std::function<std::size_t(std::string_view, std::string_view)> body_limit;
  ConnectionCounter& counter;
  std::atomic<std::uint64_t>& refused;
  Lend lend;

  Descriptor epoll{::epoll_create1(EPOLL_CLOEXEC)};
  Descriptor wake{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  std::mutex mutex;
  std::vector<std::shared_ptr<Connection>> returned;
  std::vector<int> released;
  std::unordered_map<int, std::shared_ptr<Connection>> connections;
  SteadyPoint accept_again{};
  SteadyPoint next_sweep{};
  std::atomic<bool> stopping = false;
  std::jthread thread;

  Impl(ConnectionCounter& count, std::atomic<std::uint64_t>& refusals) : counter(count), refused(refusals) {}

  void work();
  void accept_all(std::size_t listener);
  void watch_listeners(bool on);
  void arm(Connection& connection, std::uint32_t events, bool add = false);
  void on_event(const std::shared_ptr<Connection>& connection);
  void read_on(const std::shared_ptr<Connection>& connection);
  void advance(const std::shared_ptr<Connection>& connection);
  void refuse(const std::shared_ptr<Connection>& connection, const Refusal& refusal);
  void send_on(const std::shared_ptr<Connection>& connection);
  void after_answer(const std::shared_ptr<Connection>& connection);
  void close(const std::shared_ptr<Connection>& connection);
  void take_returned();
  void sweep(SteadyPoint now);
  void signal() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake.get(), &one, sizeof one);
  }
};

void ParkLoop::Impl::arm(Connection& connection, std::uint32_t events, bool add) {
  epoll_event event{};
  event.events = events | EPOLLONESHOT;
  event.data.fd = connection.socket.get();
  ::epoll_ctl(epoll.get(), add ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection.socket.get(), &event);
}

void ParkLoop::Impl::watch_listeners(bool on) {
  for (const int socket : sockets) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    ::epoll_ctl(epoll.get(), on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, socket, &event);
  }
}

void ParkLoop::Impl::accept_all(std::size_t index) {
  const bool is_unix = listeners[index].address.starts_with("unix:");
  for (;;) {
    int problem = 0;
    auto accepted = accept_from(sockets[index], is_unix, problem);
    if (!accepted) {
      // Out of descriptors: the waiting connection stays and would wake us at once, so look away for a moment.
      if (problem == EMFILE || problem == ENFILE || problem == ENOMEM || problem == ENOBUFS) {
        watch_listeners(false);
        accept_again = SteadyClock::now() + kAcceptPause;
      }
      if (problem != ECONNABORTED && problem != EINTR) return;
      continue;
    }
    if (!counter.add(accepted->remote_address)) {
      ++refused;
      continue;
    }
    auto connection = std::make_shared<Connection>();
    connection->socket = std::move(accepted->socket);
    connection->remote_address = std::move(accepted->remote_address);
    connection->loopback = accepted->loopback && !listeners[index].trusted_proxy;
    connection->trusted_proxy = listeners[index].trusted_proxy;
    connection->deadline = SteadyClock::now() + limits.head_deadline;
    connections[connection->socket.get()] = connection;
    arm(*connection, EPOLLIN | EPOLLRDHUP, true);
  }
}

void ParkLoop::Impl::close(const std::shared_ptr<Connection>& connection) {
  const int fd = connection->socket.get();
  if (fd < 0 || connections.erase(fd) == 0) return;
  counter.remove(connection->remote_address);
  connection->socket.reset();
}

void ParkLoop::Impl::refuse(const std::shared_ptr<Connection>& connection, const Refusal& refusal) {
  ++refused;
  const std::string id = new_request_id();
  connection->out = render_reply(refusal_response(refusal, id), id, false, false);
  connection->close_after = true;
  connection->phase = Phase::writing;
  connection->deadline = SteadyClock::now() + kSendTime;
  send_on(connection);
}

void ParkLoop::Impl::advance(const std::shared_ptr<Connection>& connection) {
  Refusal refusal;
  switch (advance_request(*connection, limits, body_limit, SteadyClock::now(), refusal)) {
    case Progress::refused: return refuse(connection, refusal);
    case Progress::complete:
      connection->phase = Phase::lent;
      return lend(connection);
    case Progress::need_more: break;
  }
  if (connection->peer_closed) return close(connection);
  arm(*connection, EPOLLIN | EPOLLRDHUP);
}

void ParkLoop::Impl::read_on(const std::shared_ptr<Connection>& connection) {
  // A bounded number of pieces in a row, so that a fast sender does not hold up the others.
  for (int piece = 0; piece < 16; ++piece) {
    const auto outcome = receive_some(*connection);
    if (outcome == ReceiveOutcome::closed) {
      if (connection->in.empty()) return close(connection);
      connection->peer_closed = true;
      connection->close_after = true;
    }
    if (outcome != ReceiveOutcome::more) break;
  }
  advance(connection);
}

void ParkLoop::Impl::send_on(const std::shared_ptr<Connection>& connection) {
  switch (send_some(*connection)) {
    case SendOutcome::gone: return close(connection);
    case SendOutcome::blocked: return arm(*connection, EPOLLOUT | EPOLLRDHUP);
    case SendOutcome::done: return after_answer(connection);
  }
}

void ParkLoop::Impl::after_answer(const std::shared_ptr<Connection>& connection) {
  const SteadyPoint now = SteadyClock::now();
  if (connection->close_after) {
    // Closing with unread input would reset the connection and could take our answer from the client.
    ::shutdown(connection->socket.get(), SHUT_WR);
    connection->phase = Phase::draining;
    connection->deadline = now + kDrainTime;
    return arm(*connection, EPOLLIN | EPOLLRDHUP);
  }
  connection->phase = Phase::head;
  connection->waiting = true;
  connection->deadline = now + limits.idle_timeout;
  advance(connection);
}

void ParkLoop::Impl::on_event(const std::shared_ptr<Connection>& connection) {
  switch (connection->phase.load()) {
    case Phase::head:
    case Phase::body: return read_on(connection);
    case Phase::writing: return send_on(connection);
    case Phase::draining:
      connection->in.clear();
      if (receive_some(*connection) == ReceiveOutcome::closed) return close(connection);
      return arm(*connection, EPOLLIN | EPOLLRDHUP);
    case Phase::lent: return;
  }
}

void ParkLoop::Impl::take_returned() {
  std::vector<std::shared_ptr<Connection>> back;
  std::vector<int> gone;
  {
    const std::lock_guard lock(mutex);
    back.swap(returned);
    gone.swap(released);
  }
  for (const int fd : gone) connections.erase(fd);
  for (const auto& connection : back) {
    connection->phase = Phase::writing;
    connection->deadline = SteadyClock::now() + kSendTime;
    send_on(connection);
  }
}

void ParkLoop::Impl::sweep(SteadyPoint now) {
  std::vector<std::shared_ptr<Connection>> late;
  for (const auto& [fd, connection] : connections) {
    const Phase phase = connection->phase.load();
    if (phase != Phase::lent && connection->deadline < now) late.push_back(connection);
  }
  for (const auto& connection : late) {
    const bool mid_request = !connection->waiting && (connection->phase == Phase::head || connection->phase == Phase::body);
    if (mid_request) refuse(connection, {408, "the request took too long to arrive"});
    else close(connection);
  }
}

void ParkLoop::Impl::work() {
  watch_listeners(true);
  std::array<epoll_event, 512> events{};
  while (!stopping) {
    const int found = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), 200);
    for (int i = 0; i < std::max(found, 0); ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == wake.get()) {
        std::uint64_t ignored = 0;
        [[maybe_unused]] const auto got = ::read(fd, &ignored, sizeof ignored);
        continue;
      }
      const auto listener = std::find(sockets.begin(), sockets.end(), fd);
      if (listener != sockets.end()) {
        accept_all(static_cast<std::size_t>(listener - sockets.begin()));
        continue;
      }
      const auto entry = connections.find(fd);
      if (entry == connections.end()) continue;
      const auto connection = entry->second;
      on_event(connection);
    }
    take_returned();
    const SteadyPoint now = SteadyClock::now();
    if (accept_again != SteadyPoint{} && now >= accept_again) {
      accept_again = {};
      watch_listeners(true);
    }
    if (now >= next_sweep) {
      next_sweep = now + std::chrono::milliseconds{200};
      sweep(now);
    }
  }
}

ParkLoop::ParkLoop(std::vector<Listener> listeners, std::vector<int> sockets, const Server::Options& options,
                   ConnectionCounter& counter, std::atomic<std::uint64_t>& refused, Lend lend)
    : impl_(std::make_unique<Impl>(counter, refused)) {
  impl_->listeners = std::move(listeners);
  impl_->sockets = std::move(sockets);
  impl_->limits = options.limits;
  impl_->body_limit = options.body_limit;
  impl_->lend = std::move(lend);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = impl_->wake.get();
  ::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_ADD, impl_->wake.get(), &event);
  impl_->thread = std::jthread([impl = impl_.get()] { impl->work(); });
}

ParkLoop::~ParkLoop() { stop(); }

void ParkLoop::stop() {
  if (impl_->stopping.exchange(true)) return;
  impl_->signal();
  impl_->thread.join();
}

void ParkLoop::give_back(std::shared_ptr<Connection> connection) {
  bool first = false;
  {
    const std::lock_guard lock(impl_->mutex);
    first = impl_->returned.empty();
    impl_->returned.push_back(std::move(connection));
  }
  if (first) impl_->signal();
}

Descriptor ParkLoop::release(const std::shared_ptr<Connection>& connection) {
  const int fd = connection->socket.get();
  // A copy under another number: the loop's table still has the old one until it takes the release up.
  Descriptor copy(::dup(fd));
  ::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->released.push_back(fd);
  }
  impl_->signal();
  return copy;
}

}  // namespace cell::http
