#include "plugin/isolated.hpp"

#include <sys/socket.h>

#include "plugin/call_result.hpp"
#include "plugin/documents.hpp"
#include "plugin/module.hpp"

namespace cell::plugin {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kHostCallThreads = 2;
constexpr std::size_t kMaxHostCalls = 32;
constexpr milliseconds kOpenLimit{5'000};
constexpr milliseconds kCloseLimit{2'000};
constexpr milliseconds kReplyLimit{5'000};
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kSecondPause{1'000};
constexpr milliseconds kMaxPause{60'000};
// A child that has lived so long starts again as if it had never crashed.
constexpr milliseconds kStable{60'000};

CallResult result_of(wire::Frame& frame) {
  return {static_cast<Outcome>(frame.head.outcome), frame.head.status, std::move(frame.first),
          std::move(frame.second)};
}

Error closing() { return Error{Code::unavailable, "the plugin is being closed"}; }

milliseconds next_pause(milliseconds pause) {
  return pause < kSecondPause ? kSecondPause : std::min(pause * 2, kMaxPause);
}

}  // namespace

Isolated::Isolated(OpenOptions options)
    : options_(std::move(options)),
      log_(options_.log),
      host_calls_("plugin-host-calls", kHostCallThreads, kMaxHostCalls),
      supervisor_([this](const std::stop_token& stop) { run(stop); }) {}

Isolated::~Isolated() {
  supervisor_.request_stop();
  (void)call(wire::Kind::close, {}, {}, kCloseLimit, "close");
  const auto [starting, child] = [this] {
    const std::lock_guard lock(mutex_);
    return std::pair(starting_, child_);
  }();
  if (starting) starting->kill("it is no longer wanted");
  if (child) child->kill("it did not end by itself");
  supervisor_.join();
  host_calls_.stop();
}

Result<void> Isolated::wait_until_open() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return opened_.has_value(); });
  return *opened_;
}

void Isolated::run(const std::stop_token& stop) {
  milliseconds pause = kFirstPause;
  while (!stop.stop_requested()) {
    const auto began = steady_clock::now();
    const Result<std::string> ended = live(stop);
    if (stop.stop_requested()) return;
    {
      std::unique_lock lock(mutex_);
      if (!opened_) {
        opened_ = ended.ok() ? Result<void>(crashed("the plugin crashed while it was opened: " + *ended))
                             : Result<void>(ended.error());
        changed_.notify_all();
      }
      if (!opened_->ok()) return;
      not_running_ =
          "the plugin crashed and is being started again: " + (ended ? *ended : ended.error().message);
      if (steady_clock::now() - began >= kStable) pause = kFirstPause;
      changed_.wait_for(lock, stop, pause, [] { return false; });
      pause = next_pause(pause);
    }
  }
}

Result<std::string> Isolated::live(const std::stop_token& stop) {
  const Child child =
      CELL_TRY(ChildProcess::start(options_.host_program, options_.library, options_.memory_mb));
  const auto reader = std::make_unique<wire::Reader>(child->socket());
  if (!announce(child, stop)) child->kill("it is no longer wanted");
  if (auto ready = wait_ready(child, *reader, stop); !ready) {
    child->kill("it did not get ready");
    (void)child->end();
    const std::lock_guard lock(mutex_);
    starting_ = nullptr;
    return std::move(ready).error();
  }
  read_until_end(child, *reader);
  {
    const std::lock_guard lock(mutex_);
    child_ = nullptr;
    not_running_ = "the plugin has ended";
  }
  // What comes after a frame that makes no sense is not read, so it must end as well.
  ::shutdown(child->socket(), SHUT_RDWR);
  if (!child->wait_for(milliseconds(100))) child->kill("it sent what makes no sense");
  std::string how = child->end();
  last_output_ = child->output();
  report_end(how, fail_pending("the plugin crashed: " + how));
  return how;
}

bool Isolated::announce(const Child& child, const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  if (stop.stop_requested()) return false;
  starting_ = child;
  return true;
}

bool Isolated::publish(const Child& child, const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  if (stop.stop_requested()) return false;
  child_ = child;
  starting_ = nullptr;
  if (!opened_) opened_ = Result<void>();
  changed_.notify_all();
  return true;
}

Result<void> Isolated::wait_ready(const Child& child, wire::Reader& reader, const std::stop_token& stop) {
  const auto deadline = steady_clock::now() + kOpenLimit;
  reader.set_deadline(deadline);
  wire::Frame frame;
  while (reader.next(frame)) {
    if (frame.head.kind == wire::Kind::ready) {
      CELL_TRY(check_opened(result_of(frame)));
      reader.set_deadline(wire::Deadline::max());
      if (publish(child, stop)) return {};
      return closing();
    }
    take(child, frame);
    if (steady_clock::now() > deadline) break;
  }
  if (stop.stop_requested()) return closing();
  if (steady_clock::now() >= deadline)
    return timed_out("the plugin's open did not end within " + std::to_string(kOpenLimit.count()) + " ms");
  if (!child->wait_for(milliseconds(100))) child->kill("it sent what makes no sense");
  const std::string how = child->end();
  log_.logger().error("plugin crashed while it was opened", {{"how", how}, {"output", child->output()}});
  return crashed("the plugin crashed while it was opened: " + how);
}

void Isolated::read_until_end(const Child& child, wire::Reader& reader) {
  wire::Frame frame;
  while (reader.next(frame)) take(child, frame);
}

void Isolated::take(const Child& child, wire::Frame& frame) {
  switch (frame.head.kind) {
    case wire::Kind::log:
      return log_.write(frame.head.status, frame.first, frame.second);
    case wire::Kind::call:
      return answer(child, frame);
    case wire::Kind::result:
      break;
    default:
      return child->kill("it sent what makes no sense");
  }
  std::shared_ptr<Pending> pending;
  {
    const std::lock_guard lock(mutex_);
    const auto found = pending_.find(frame.head.id);
    if (found == pending_.end()) return;
    pending = found->second;
    pending_.erase(found);
    pending->result = result_of(frame);
    pending->is_done = true;
  }
  pending->done.notify_one();
}

void Isolated::answer(const Child& child, wire::Frame& frame) {
  const std::uint64_t id = frame.head.id;
  auto task = [this, child, id, method = std::move(frame.first), request = std::move(frame.second)] {
    const HostAnswer answered = answer_call(options_.host, method, request);
    reply(child, id, answered.ok, answered.document);
  };
  if (auto posted = host_calls_.post(std::move(task)); !posted) {
    Error busy{Code::rate_limited, "the plugin asks the host for too much at once"};
    reply(child, id, false, error_document(busy));
  }
}

void Isolated::reply(const Child& child, std::uint64_t id, bool ok, const std::string& document) {
  const wire::Head head{wire::Kind::reply, 0, ok ? CELL_OK : CELL_FAILED, 0, 0, 0, id};
  const std::lock_guard lock(write_mutex_);
  if (!wire::write_frame(child->socket(), head, document, {}, steady_clock::now() + kReplyLimit))
    child->kill("it did not take an answer of the host");
}

bool Isolated::fail_pending(const std::string& message) {
  std::map<std::uint64_t, std::shared_ptr<Pending>> failed;
  {
    const std::lock_guard lock(mutex_);
    failed.swap(pending_);
    for (const auto& [id, pending] : failed) {
      pending->crash = message;
      pending->is_done = true;
    }
  }
  for (const auto& [id, pending] : failed) pending->done.notify_one();
  return !failed.empty();
}

void Isolated::report_end(const std::string& how, bool had_callers) {
  if (supervisor_.get_stop_token().stop_requested()) return;
  log_.logger().error("plugin ended, it is started again", {{"how", how}, {"output", last_output_}});
  // Those who waited tell it themselves.
  if (!had_callers && options_.on_fault) options_.on_fault("run", "the plugin crashed: " + how);
}

std::int64_t Isolated::memory_bytes() const {
  const std::lock_guard lock(mutex_);
  return child_ ? child_->memory_bytes() : 0;
}

}  // namespace cell::plugin
