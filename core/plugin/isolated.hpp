#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/task_queue.hpp"
#include "plugin/border.hpp"
#include "plugin/child_process.hpp"
#include "plugin/instance.hpp"
#include "plugin/plugin_log.hpp"
#include "plugin/wire.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// A plugin in a child process. One thread of ours starts the child, reads what it sends and starts it again
// when it has ended; callers write their requests themselves and wait. A call over its limit ends the child,
// and with it what else it was doing.
class Isolated final : public Instance {
 public:
  static constexpr std::size_t kMaxInFlight = 32;

  explicit Isolated(OpenOptions options);
  ~Isolated() override;

  // Until the first child is ready, or why it is not.
  Result<void> wait_until_open();

  Result<Json> plan(const Json& config) override;
  Result<PluginResponse> handle(const PluginRequest& request) override;
  Result<void> notify(const Json& event) override;
  [[nodiscard]] std::string mode() const override { return "isolated"; }
  [[nodiscard]] std::int64_t memory_bytes() const override;

 private:
  struct Pending {
    std::condition_variable done;
    bool is_done = false;
    std::string crash;  // instead of a result
    CallResult result;
  };
  using Child = std::shared_ptr<ChildProcess>;

  void run(const std::stop_token& stop);
  // One life of a child; how it ended, or the reason for which it did not get ready.
  Result<std::string> live(const std::stop_token& stop);
  // False: this object is about to go, and no child may begin.
  bool announce(const Child& child, const std::stop_token& stop);
  Result<void> wait_ready(const Child& child, wire::Reader& reader, const std::stop_token& stop);
  bool publish(const Child& child, const std::stop_token& stop);
  void read_until_end(const Child& child, wire::Reader& reader);
  void take(const Child& child, wire::Frame& frame);
  void answer(const Child& child, wire::Frame& frame);
  void reply(const Child& child, std::uint64_t id, bool ok, const std::string& document);
  // Tells all who wait, and whether there were any.
  bool fail_pending(const std::string& message);
  void report_end(const std::string& how, bool had_callers);

  Result<CallResult> call(wire::Kind kind, std::string_view first, std::string_view second,
                          std::chrono::milliseconds limit, const char* name);
  Result<CallResult> wait(const std::shared_ptr<Pending>& pending, std::uint64_t id, const Child& child,
                          wire::Deadline deadline, const std::string& too_late);

  const OpenOptions options_;
  PluginLog log_;
  std::timed_mutex control_;
  std::timed_mutex job_;
  std::mutex write_mutex_;  // one frame at a time
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Child starting_;  // null while none is being opened
  Child child_;     // null while there is none that is ready
  std::string not_running_;
  std::map<std::uint64_t, std::shared_ptr<Pending>> pending_;
  std::uint64_t next_id_ = 1;
  std::optional<Result<void>> opened_;
  std::string last_output_;
  TaskQueue host_calls_;
  std::jthread supervisor_;  // last: it uses everything above
};

}  // namespace cell::plugin
