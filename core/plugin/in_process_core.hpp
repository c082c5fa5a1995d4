#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "plugin/border.hpp"
#include "plugin/documents.hpp"
#include "plugin/plugin_log.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// One plugin in this process, as long as anything of it may still run: the instance, a thread that hangs in
// it, a thread that it left behind. Never destroyed once opened, as the library's code is never unmapped.
//
// A call that hangs cannot be ended. What happens instead: plan, notify, open and close run on a thread of
// their own, which is abandoned; handle runs on the caller's thread, which is lost until the plugin lets it
// go, so only kMaxHandles run at once. After the first call over its limit the plugin is never called again
// (each call answers plugin_timeout at once), so one loaded version costs at most kMaxHandles threads of
// callers and one of each kind of its own. Only a restart of celld gives them back.
class InProcessCore : public std::enable_shared_from_this<InProcessCore> {
 public:
  static constexpr int kMaxHandles = 2;
  static constexpr std::chrono::seconds kWaitForTurn{1};

  explicit InProcessCore(OpenOptions options);

  Result<void> open();
  Result<Json> plan(const Json& config);
  Result<PluginResponse> handle(const PluginRequest& request);
  Result<void> notify(const Json& event);
  // Also ends the watching thread. Afterwards the plugin's threads get no answers any more.
  void close();
  // Ends when close() has been called.
  void watch(const std::stop_token& stop);

 private:
  struct Slot {
    std::atomic<std::int64_t> began_ms{0};  // steady clock; 0: free
  };

  static void on_log(void* context, std::int32_t level, cell_bytes message, cell_bytes fields) noexcept;
  static cell_status on_call(void* context, cell_bytes method, cell_bytes request,
                             const cell_sink* reply) noexcept;

  // Runs `call` on a thread of its own; timed_out() when it has not ended by `limit`, and the plugin is dead.
  Result<CallResult> on_own_thread(const char* name, std::chrono::milliseconds limit,
                                   std::function<CallResult()> call);
  [[nodiscard]] Result<void> check_alive() const;
  void give_up(const std::string& call, std::chrono::milliseconds limit);
  Result<Slot*> take_slot();
  void free_slot(Slot& slot);

  const OpenOptions options_;
  PluginLog log_;
  Border border_;
  cell_host host_{};
  std::atomic<std::shared_ptr<const HostCall>> host_call_;
  std::timed_mutex control_;
  std::timed_mutex job_;
  std::atomic<bool> is_dead_{false};
  std::atomic<bool> is_closed_{false};
  mutable std::mutex mutex_;  // of dead_because_, and for those who wait for a slot
  std::string dead_because_;
  std::condition_variable slot_freed_;
  std::atomic<int> slot_waiters_{0};
  std::array<Slot, kMaxHandles> slots_;
};

}  // namespace cell::plugin
