#include "http/park_loop.hpp"

#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/reply.hpp"

namespace cell::http {

namespace {

using SteadyClock = std::chrono::steady_clock;
using Phase = Connection::Phase;

constexpr std::chrono::milliseconds kDrainTime{2000};
constexpr std::chrono::milliseconds kAcceptPause{200};
// For a piece that the socket takes, not for the whole answer: a backup may take its time over a slow line.
constexpr std::chrono::milliseconds kSendTime{20'000};
constexpr std::size_t kLendAtOnce = 32;
constexpr std::size_t kShedAtOnce = 64;

bool somebody_waits(int listening) {
  pollfd poll{listening, POLLIN, 0};
  return ::poll(&poll, 1, 0) > 0;
}

// A worker may be about to arm an idle connection, so it is only shut down here: its event then closes it.
void shut_down(Connection& connection) {
  connection.deadline = SteadyPoint::max();
  ::shutdown(connection.socket.get(), SHUT_RDWR);
}

}  // namespace

struct ParkLoop::Impl {
  std::vector<Listener> listeners;
  std::vector<int> sockets;
  Limits limits;
  std::function<std::size_t(std::string_view, std::string_view)> body_limit;
  ConnectionCounter& counter;
  BufferBudget& budget;
  std::atomic<std::uint64_t>& refused;
  Lend lend;
  Batch complete;  // requests that no worker knows of yet

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

  Impl(ConnectionCounter& count, BufferBudget& buffers, std::atomic<std::uint64_t>& refusals)
      : counter(count), budget(buffers), refused(refusals) {}

  void work();
  void on_ready(const epoll_event& event);
  void lend_complete();
  void shed_idle();
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
      // Out of descriptors: the waiting connection stays and would wake us at once, so look away for a
      // moment. accept() says so even when nobody waits.
      const bool is_exhausted =
          problem == EMFILE || problem == ENFILE || problem == ENOMEM || problem == ENOBUFS;
      if (is_exhausted && somebody_waits(sockets[index])) {
        shed_idle();
        watch_listeners(false);
        accept_again = SteadyClock::now() + kAcceptPause;
      }
      if (problem != ECONNABORTED && problem != EINTR) return;
      continue;
    }
    if (!counter.add(accepted->source)) {
      ++refused;
      continue;
    }
    auto connection = std::make_shared<Connection>(std::move(accepted->socket), budget);
    connection->source = std::move(accepted->source);
    connection->remote_address = std::move(accepted->remote_address);
    connection->loopback = accepted->loopback && !listeners[index].trusted_proxy;
    connection->trusted_proxy = listeners[index].trusted_proxy;
    connection->deadline = SteadyClock::now() + limits.head_deadline;
    connections[connection->socket.get()] = connection;
    arm(*connection, EPOLLIN | EPOLLRDHUP, true);
  }
}

// The descriptor closes with the last reference: a worker may be on its way out of rearm() still.
void ParkLoop::Impl::close(const std::shared_ptr<Connection>& connection) {
  if (connections.erase(connection->socket.get()) > 0) counter.remove(connection->source);
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
    case Progress::refused:
      return refuse(connection, refusal);
    case Progress::complete:
      connection->phase = Phase::lent;
      complete.push_back(connection);
      if (complete.size() >= kLendAtOnce) lend_complete();
      return;
    case Progress::need_more:
      break;
  }
  if (connection->peer_closed) return close(connection);
  if (connection->phase == Phase::body && !connection->share.grow_to(connection->buffered_bytes())) {
    return refuse(connection, {503, "too many uploads are on their way, try again in a moment"});
  }
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
  const std::size_t before = connection->sent;
  switch (send_some(*connection)) {
    case SendOutcome::gone:
      return close(connection);
    case SendOutcome::blocked:
      if (connection->sent > before) connection->deadline = SteadyClock::now() + kSendTime;
      return arm(*connection, EPOLLOUT);
    case SendOutcome::done:
      return after_answer(connection);
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
  await_next(*connection, now + limits.idle_timeout);
  connection->phase = Phase::head;
  advance(connection);
}

void ParkLoop::Impl::on_event(const std::shared_ptr<Connection>& connection) {
  switch (connection->phase.load()) {
    case Phase::head:
    case Phase::body:
      return read_on(connection);
    case Phase::writing:
      return send_on(connection);
    case Phase::draining:
      connection->in.clear();
      if (receive_some(*connection) == ReceiveOutcome::closed) return close(connection);
      return arm(*connection, EPOLLIN | EPOLLRDHUP);
    case Phase::lent:
      return;
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
  Batch late;
  for (const auto& [fd, connection] : connections) {
    const Phase phase = connection->phase.load();
    if (phase == Phase::lent || connection->deadline >= now) continue;
    if (phase == Phase::head && connection->waiting)
      shut_down(*connection);
    else
      late.push_back(connection);
  }
  for (const auto& connection : late) {
    const Phase phase = connection->phase.load();
    if (phase == Phase::head || phase == Phase::body)
      refuse(connection, {408, "the request took too long to arrive"});
    else
      close(connection);
  }
}

// Gives up the connections that would be the next to end by themselves.
void ParkLoop::Impl::shed_idle() {
  Batch idle;
  for (const auto& [fd, connection] : connections) {
    if (connection->phase.load() == Phase::head && connection->waiting) idle.push_back(connection);
  }
  const std::size_t count = std::min(kShedAtOnce, (idle.size() + 1) / 2);
  std::partial_sort(idle.begin(), idle.begin() + static_cast<std::ptrdiff_t>(count), idle.end(),
                    [](const auto& a, const auto& b) { return a->deadline < b->deadline; });
  for (std::size_t i = 0; i < count; ++i) shut_down(*idle[i]);
}

void ParkLoop::Impl::lend_complete() {
  if (!complete.empty()) lend(complete);
  complete.clear();
}

void ParkLoop::Impl::on_ready(const epoll_event& event) {
  const int fd = event.data.fd;
  if (fd == wake.get()) {
    std::uint64_t ignored = 0;
    [[maybe_unused]] const auto got = ::read(fd, &ignored, sizeof ignored);
    return;
  }
  const auto listener = std::find(sockets.begin(), sockets.end(), fd);
  if (listener != sockets.end()) return accept_all(static_cast<std::size_t>(listener - sockets.begin()));
  const auto entry = connections.find(fd);
  if (entry == connections.end()) return;
  const auto connection = entry->second;
  on_event(connection);
}

void ParkLoop::Impl::work() {
  watch_listeners(true);
  std::array<epoll_event, 512> events{};
  while (!stopping) {
    const int found = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), 200);
    for (int i = 0; i < std::max(found, 0); ++i) on_ready(events[static_cast<std::size_t>(i)]);
    take_returned();
    lend_complete();
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
                   ConnectionCounter& counter, BufferBudget& budget, std::atomic<std::uint64_t>& refused,
                   Lend lend)
    : impl_(std::make_unique<Impl>(counter, budget, refused)) {
  impl_->limits = options.limits;
  impl_->listeners = std::move(listeners);
  impl_->sockets = std::move(sockets);
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

void ParkLoop::rearm(Connection& connection) {
  await_next(connection, SteadyClock::now() + impl_->limits.idle_timeout);
  connection.phase = Phase::head;
  impl_->arm(connection, EPOLLIN | EPOLLRDHUP);
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
  Descriptor copy(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (copy.get() < 0) return copy;
  ::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->released.push_back(fd);
  }
  impl_->signal();
  return copy;
}

}  // namespace cell::http
