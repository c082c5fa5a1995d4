#include "plugin/in_process_core.hpp"

#include <future>
#include <thread>

#include "plugin/call_result.hpp"
#include "plugin/module.hpp"

namespace cell::plugin {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kOpenLimit{5'000};
constexpr milliseconds kCloseLimit{5'000};
constexpr milliseconds kWatchInterval{100};

std::int64_t steady_ms() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Never destroyed: what a plugin may still use when everything else is gone.
void keep_for_ever(std::shared_ptr<InProcessCore> core) {
  static auto* const kMutex = new std::mutex;
  static auto* const kCores = new std::vector<std::shared_ptr<InProcessCore>>;
  const std::lock_guard lock(*kMutex);
  kCores->push_back(std::move(core));
}

cell_status write_answer(const cell_sink* reply, const HostAnswer& answer) {
  const cell_bytes bytes = bytes_of(answer.document);
  const cell_status status = reply->write(reply->context, bytes.data, bytes.length);
  if (status != CELL_OK) return status;
  return answer.ok ? CELL_OK : CELL_FAILED;
}

}  // namespace

InProcessCore::InProcessCore(OpenOptions options)
    : options_(std::move(options)),
      log_(options_.log),
      host_call_(std::make_shared<const HostCall>(options_.host)) {
  host_.size = sizeof host_;
  host_.abi_minor = CELL_ABI_MINOR;
  host_.context = this;
  host_.log = &InProcessCore::on_log;
  host_.call = &InProcessCore::on_call;
}

Result<void> InProcessCore::open() {
  CELL_TRY(check_library_head(options_.library));
  // Kept before any of its code runs: its constructors may start threads.
  keep_for_ever(shared_from_this());
  auto failure = std::make_shared<std::optional<Error>>();
  const auto result = CELL_TRY(on_own_thread("open", kOpenLimit, [this, failure]() -> CallResult {
    const auto library = load_library(options_.library);
    if (library) return border_.open(library->open, &host_);
    *failure = library.error();
    return {};
  }));
  if (*failure) return std::move(**failure);
  return check_opened(result);
}

Result<CallResult> InProcessCore::on_own_thread(const char* name, milliseconds limit,
                                                std::function<CallResult()> call) {
  CELL_TRY(check_alive());
  auto task = std::make_shared<std::packaged_task<CallResult()>>(std::move(call));
  std::future<CallResult> result = task->get_future();
  try {
    // Detached, because one that hangs cannot be joined; what it uses is kept for ever.
    std::thread([self = shared_from_this(), task] { (*task)(); }).detach();
  } catch (const std::system_error& e) {
    return Error{Code::unavailable, std::string("cannot start a thread: ") + e.what()};
  }
  if (result.wait_for(limit) == std::future_status::ready) return result.get();
  give_up(name, limit);
  return check_alive().error();
}

Result<void> InProcessCore::check_alive() const {
  if (is_closed_.load(std::memory_order_acquire)) return Error{Code::unavailable, "the plugin is closed"};
  if (!is_dead_.load(std::memory_order_acquire)) return {};
  const std::lock_guard lock(mutex_);
  return timed_out(dead_because_);
}

void InProcessCore::give_up(const std::string& call, milliseconds limit) {
  {
    const std::lock_guard lock(mutex_);
    if (is_dead_.load()) return;
    dead_because_ = "the plugin's " + call + " did not end within " + std::to_string(limit.count()) + " ms";
    is_dead_.store(true, std::memory_order_release);
  }
  slot_freed_.notify_all();
  log_.logger().error("a call of the plugin hangs, it is not called any more until celld restarts",
                      {{"call", call}, {"limit_ms", limit.count()}});
}

Result<Json> InProcessCore::plan(const Json& config) {
  const std::unique_lock turn(control_, options_.plan_limit);
  if (!turn.owns_lock()) return busy("the plugin is busy with another plan");
  auto text = std::make_shared<const std::string>(dump_json(config));
  const CallResult result =
      CELL_TRY(on_own_thread("plan", options_.plan_limit, [this, text] { return border_.plan(*text); }));
  return plan_of(result);
}

Result<void> InProcessCore::notify(const Json& event) {
  const std::unique_lock turn(job_, options_.notify_limit);
  if (!turn.owns_lock()) return busy("the plugin is busy with another event");
  auto text = std::make_shared<const std::string>(dump_json(event));
  const CallResult result = CELL_TRY(
      on_own_thread("notify", options_.notify_limit, [this, text] { return border_.notify(*text); }));
  return notified(result);
}

Result<InProcessCore::Slot*> InProcessCore::take_slot() {
  const auto try_all = [this]() -> Slot* {
    for (Slot& slot : slots_) {
      std::int64_t expected = 0;
      if (slot.began_ms.compare_exchange_strong(expected, steady_ms())) return &slot;
    }
    return nullptr;
  };
  CELL_TRY(check_alive());
  if (Slot* slot = try_all()) return slot;
  std::unique_lock lock(mutex_);
  ++slot_waiters_;
  Slot* slot = nullptr;
  slot_freed_.wait_for(lock, kWaitForTurn, [&] { return is_dead_ || (slot = try_all()) != nullptr; });
  --slot_waiters_;
  lock.unlock();
  if (slot != nullptr) return slot;
  CELL_TRY(check_alive());
  return busy("the plugin is busy with other requests");
}

void InProcessCore::free_slot(Slot& slot) {
  slot.began_ms.store(0);
  if (slot_waiters_.load() == 0) return;
  const std::lock_guard lock(mutex_);
  slot_freed_.notify_one();
}

Result<PluginResponse> InProcessCore::handle(const PluginRequest& request) {
  Slot* slot = CELL_TRY(take_slot());
  CallResult result = border_.handle(dump_json(request.head), request.body);
  free_slot(*slot);
  // It ended after all, but has been reported as dead.
  CELL_TRY(check_alive());
  return response_of(std::move(result));
}

void InProcessCore::watch(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!wake.wait_for(lock, stop, kWatchInterval, [&] { return stop.stop_requested(); })) {
    if (is_dead_.load()) continue;
    const std::int64_t now = steady_ms();
    const bool hangs = std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
      const std::int64_t began = slot.began_ms.load();
      return began != 0 && now - began > options_.handle_limit.count();
    });
    if (!hangs) continue;
    give_up("handle", options_.handle_limit);
    if (options_.on_fault) options_.on_fault("handle", check_alive().error().message);
  }
}

void InProcessCore::close() {
  if (!is_dead_.load()) {
    const std::scoped_lock turns(control_, job_);
    // Those who are in handle() hold a slot each; when all are taken by this, nobody is.
    for (Slot& slot : slots_) {
      std::int64_t expected = 0;
      while (!slot.began_ms.compare_exchange_weak(expected, steady_ms()) && !is_dead_.load()) {
        expected = 0;
        std::this_thread::sleep_for(milliseconds(1));
      }
    }
    (void)on_own_thread("close", kCloseLimit, [this]() -> CallResult {
      border_.close();
      return {};
    });
  }
  is_closed_.store(true, std::memory_order_release);
  host_call_.store(nullptr);
}

void InProcessCore::on_log(void* context, std::int32_t level, cell_bytes message,
                           cell_bytes fields) noexcept {
  try {
    static_cast<InProcessCore*>(context)->log_.write(level, view_of(message), view_of(fields));
  } catch (...) {
    // A line that cannot be written is not worth the plugin.
    return;
  }
}

cell_status InProcessCore::on_call(void* context, cell_bytes method, cell_bytes request,
                                   const cell_sink* reply) noexcept {
  try {
    const auto host = static_cast<InProcessCore*>(context)->host_call_.load();
    if (is_planning()) {
      return write_answer(reply,
                          {false, error_document({Code::unsupported,
                                                  "plan() is a function of its input and asks the host for "
                                                  "nothing"})});
    }
    return write_answer(reply, answer_call(host ? *host : HostCall{}, view_of(method), view_of(request)));
  } catch (...) {
    return CELL_BAD_SINK;
  }
}

}  // namespace cell::plugin
