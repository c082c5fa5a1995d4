#include "plugin_host/server.hpp"

#include <cstdlib>
#include <system_error>
#include <thread>

#include <unistd.h>

namespace cell::plugin_host {

namespace wire = plugin::wire;

namespace {

// Eight requests, one plan, one event, and one that reads.
constexpr int kMaxThreads = 11;
constexpr std::size_t kMaxLogPart = 16UL * 1024;

constexpr std::string_view kNotFromPlan =
    R"({"code": "unsupported", "message": "plan() is a function of its input and asks the host for nothing"})";
constexpr std::string_view kTooLong =
    R"({"code": "too_large", "message": "the request to the host is longer than 4 MiB"})";
constexpr std::size_t kMaxHostRequest = 4UL * 1024 * 1024;

cell_status refuse(const cell_sink* reply, std::string_view document) {
  const cell_bytes bytes = plugin::bytes_of(document);
  const cell_status status = reply->write(reply->context, bytes.data, bytes.length);
  return status == CELL_OK ? CELL_FAILED : status;
}

}  // namespace

Server::Server(int socket) : socket_(socket), reader_(socket) {
  host_.size = sizeof host_;
  host_.abi_minor = CELL_ABI_MINOR;
  host_.context = this;
  host_.log = &Server::on_log;
  host_.call = &Server::on_call;
}

int Server::run(cell_plugin_open_function open) {
  // The host answers calls made while the plugin opens, so somebody must read.
  add_thread();
  const plugin::CallResult opened = border_.open(open, &host_);
  send(wire::Kind::ready, 0, opened);
  if (opened.outcome != plugin::Outcome::answered || opened.status != CELL_OK) return 0;
  work();
  return 0;
}

void Server::fail(const std::string& why) {
  send(wire::Kind::ready, 0, {plugin::Outcome::answered, CELL_BAD_SINK, why, {}});
}

// A thread's life: take a request, call the plugin, answer.
void Server::work() {
  wire::Frame frame;
  while (next_request(frame)) answer(frame);
  // celld is gone. Not exit(): static destructors would meet threads that still run.
  ::_exit(0);
}

bool Server::next_request(wire::Frame& frame) {
  {
    const std::lock_guard lock(mutex_);
    if (!queue_.empty()) {
      frame = std::move(queue_.front());
      queue_.pop_front();
      return true;
    }
    ++idle_;
  }
  const std::lock_guard turn(read_mutex_);
  {
    const std::lock_guard lock(mutex_);
    --idle_;
  }
  while (reader_.next(frame)) {
    if (frame.head.kind == wire::Kind::reply) {
      deliver(frame);
      continue;
    }
    if (pass_on(frame)) continue;
    return true;
  }
  return false;
}

// True when this thread is the last that can read, so that the request has to wait for another.
bool Server::pass_on(wire::Frame& frame) {
  const std::lock_guard lock(mutex_);
  if (idle_ > 0) return false;
  if (threads_ < kMaxThreads) {
    add_thread();
    return false;
  }
  queue_.push_back(std::move(frame));
  return true;
}

void Server::add_thread() {
  try {
    std::thread([this] { work(); }).detach();
    ++threads_;
  } catch (const std::system_error&) {
    // No memory for it: requests wait until this one is done.
    return;
  }
}

void Server::deliver(wire::Frame& frame) {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(frame.head.id);
  if (found == waiting_.end()) return;
  found->second = {true, frame.head.status == CELL_OK, std::move(frame.first)};
  replied_.notify_all();
}

void Server::answer(const wire::Frame& frame) {
  switch (frame.head.kind) {
    case wire::Kind::plan:
      return send(wire::Kind::result, frame.head.id, border_.plan(frame.first));
    case wire::Kind::handle:
      return send(wire::Kind::result, frame.head.id, border_.handle(frame.first, frame.second));
    case wire::Kind::notify:
      return send(wire::Kind::result, frame.head.id, border_.notify(frame.first));
    case wire::Kind::close:
      border_.close();
      send(wire::Kind::result, frame.head.id, {});
      ::_exit(0);
    default:
      ::_exit(2);
  }
}

void Server::send(wire::Kind kind, std::uint64_t id, const plugin::CallResult& result) {
  const std::lock_guard lock(write_mutex_);
  const wire::Head head{kind, static_cast<std::uint32_t>(result.outcome), result.status, 0, 0, 0, id};
  if (!wire::write_frame(socket_, head, result.first, result.second)) ::_exit(0);
}

void Server::on_log(void* context, std::int32_t level, cell_bytes message, cell_bytes fields) {
  auto* self = static_cast<Server*>(context);
  const std::lock_guard lock(self->write_mutex_);
  const std::string_view facts = plugin::view_of(fields);
  wire::write_frame(self->socket_, {wire::Kind::log, 0, level, 0, 0, 0, 0},
                    plugin::view_of(message).substr(0, kMaxLogPart),
                    facts.size() > kMaxLogPart ? std::string_view{} : facts);
}

cell_status Server::on_call(void* context, cell_bytes method, cell_bytes request, const cell_sink* reply) {
  if (plugin::is_planning()) return refuse(reply, kNotFromPlan);
  if (request.length > kMaxHostRequest || method.length > kMaxLogPart) return refuse(reply, kTooLong);
  return static_cast<Server*>(context)->call_host(method, request, reply);
}

cell_status Server::call_host(cell_bytes method, cell_bytes request, const cell_sink* reply) {
  std::unique_lock lock(mutex_);
  const std::uint64_t id = next_call_++;
  Waiting& waiting = waiting_[id];
  lock.unlock();
  {
    const std::lock_guard writing(write_mutex_);
    if (!wire::write_frame(socket_, {wire::Kind::call, 0, 0, 0, 0, 0, id}, plugin::view_of(method),
                           plugin::view_of(request)))
      ::_exit(0);
  }
  lock.lock();
  replied_.wait(lock, [&] { return waiting.is_here; });
  const bool ok = waiting.ok;
  const std::string document = std::move(waiting.document);
  waiting_.erase(id);
  lock.unlock();
  const cell_bytes bytes = plugin::bytes_of(document);
  const cell_status status = reply->write(reply->context, bytes.data, bytes.length);
  if (status != CELL_OK) return status;
  return ok ? CELL_OK : CELL_FAILED;
}

}  // namespace cell::plugin_host
