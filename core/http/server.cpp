#include "http/server.hpp"

#include <unistd.h>

#include "http/park_loop.hpp"
#include "http/reply.hpp"
#include "http/socket.hpp"
#include "http/stream_writer.hpp"

namespace cell::http {

namespace {

std::size_t worker_count(std::size_t wanted) {
  if (wanted > 0) return wanted;
  return std::clamp<std::size_t>(std::thread::hardware_concurrency() * 2, 4, 16);
}

}  // namespace

struct Server::Impl {
  Options options;
  Handler handler;
  std::vector<ListeningSocket> listening;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::unique_ptr<ConnectionCounter> counter;
  std::unique_ptr<BufferBudget> budget;  // outlives every connection
  std::unique_ptr<StreamWriter> streams;
  std::unique_ptr<ParkLoop> loop;

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::shared_ptr<Connection>> ready;
  std::size_t idle_workers = 0;
  bool stopping = false;
  std::vector<std::jthread> workers;

  void lend(ParkLoop::Batch& complete);
  void work();
  void answer(const std::shared_ptr<Connection>& connection);
  Response call(const Request& request);
  void send_answer(const std::shared_ptr<Connection>& connection, std::string bytes, bool keep_alive);
  void begin_stream(const std::shared_ptr<Connection>& connection, Response& response,
                    const Request& request);
};

// Whatever a handler throws ends here: the client gets an answer, the log the reason.
Response Server::Impl::call(const Request& request) {
  try {
    return handler(request);
  } catch (const std::exception& e) {
    // Not the path: it may hold an enrolment token.
    options.log.error("a handler threw, answered 500", {{"request_id", request.id}, {"reason", e.what()}});
  } catch (...) {
    options.log.error("a handler threw, answered 500",
                      {{"request_id", request.id}, {"reason", "unknown exception"}});
  }
  return refusal_response({500, "something went wrong inside; the log has the details under this request id"},
                          request.id);
}

void Server::Impl::begin_stream(const std::shared_ptr<Connection>& connection, Response& response,
                                const Request& request) {
  Descriptor socket = loop->release(connection);
  if (socket.get() < 0) {
    const Response busy = refusal_response({503, "there is no room for another event stream"}, request.id);
    return send_answer(connection, render_reply(busy, request.id, false, false), false);
  }
  auto stream = streams->adopt(std::move(socket), render_reply(response, request.id, false, true),
                               [this, source = connection->source] { counter->remove(source); });
  try {
    response.stream(stream);
  } catch (const std::exception& e) {
    options.log.error("a stream's handler threw, closed it",
                      {{"request_id", request.id}, {"reason", e.what()}});
    stream->close();
  }
}

// Most answers fit into the socket's buffer; then the loop need not be woken for this connection.
void Server::Impl::send_answer(const std::shared_ptr<Connection>& connection, std::string bytes,
                               bool keep_alive) {
  connection->close_after = !keep_alive;
  connection->out = std::move(bytes);
  const bool is_done = send_some(*connection) == SendOutcome::done;
  if (is_done && keep_alive && connection->in.empty()) return loop->rearm(*connection);
  loop->give_back(connection);
}

void Server::Impl::answer(const std::shared_ptr<Connection>& connection) {
  const bool head_only = connection->head.method == "HEAD";
  const bool keep_alive = connection->head.keep_alive && !connection->close_after;
  const Request request = make_request(*connection);
  const log::Scope scope("request_id", request.id);
  Response response = call(request);
  ++requests;
  if (response.stream && !head_only) return begin_stream(connection, response, request);
  send_answer(connection, render_reply(response, request.id, keep_alive, head_only), keep_alive);
}

// As many wake-ups as there are workers to use them: under load the busy ones come back to the queue by
// themselves.
void Server::Impl::lend(ParkLoop::Batch& complete) {
  std::size_t wakes = 0;
  {
    const std::lock_guard lock(mutex);
    std::move(complete.begin(), complete.end(), std::back_inserter(ready));
    wakes = std::min(idle_workers, complete.size());
  }
  for (; wakes > 0; --wakes) wake.notify_one();
}

void Server::Impl::work() {
  for (;;) {
    std::shared_ptr<Connection> connection;
    {
      std::unique_lock lock(mutex);
      ++idle_workers;
      wake.wait(lock, [this] { return stopping || !ready.empty(); });
      --idle_workers;
      if (stopping) return;
      connection = std::move(ready.front());
      ready.pop_front();
    }
    answer(connection);
  }
}

Server::Server() : impl_(std::make_unique<Impl>()) {}
Server::~Server() { stop(); }

Result<std::unique_ptr<Server>> Server::start(Options options, Handler handler) {
  auto server = std::unique_ptr<Server>(new Server());
  Impl& impl = *server->impl_;
  impl.options = std::move(options);
  impl.handler = std::move(handler);
  std::vector<int> sockets;
  for (const Listener& listener : impl.options.listeners) {
    impl.listening.push_back(CELL_TRY(listen_on(listener.address, listener.unix_mode)));
    sockets.push_back(impl.listening.back().socket.get());
  }
  const Limits& limits = impl.options.limits;
  impl.counter =
      std::make_unique<ConnectionCounter>(limits.max_connections, limits.max_connections_per_address);
  impl.budget = std::make_unique<BufferBudget>(limits.max_buffered_bytes);
  impl.streams = std::make_unique<StreamWriter>(limits.stream_queue_bytes);
  impl.loop =
      std::make_unique<ParkLoop>(impl.options.listeners, sockets, impl.options, *impl.counter, *impl.budget,
                                 impl.refused, [&impl](ParkLoop::Batch& complete) { impl.lend(complete); });
  for (std::size_t i = 0; i < worker_count(impl.options.workers); ++i) {
    impl.workers.emplace_back([&impl] { impl.work(); });
  }
  return server;
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> list;
  for (const ListeningSocket& listening : impl_->listening) list.push_back(listening.address);
  return list;
}

void Server::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_all();
  impl_->workers.clear();
  impl_->loop.reset();
  impl_->streams.reset();
  for (const ListeningSocket& listening : impl_->listening) {
    if (!listening.unix_path.empty()) ::unlink(listening.unix_path.c_str());
  }
  impl_->listening.clear();
}

Server::Stats Server::stats() const {
  return {impl_->counter->total(), impl_->streams ? impl_->streams->size() : 0, impl_->requests,
          impl_->refused};
}

}  // namespace cell::http
