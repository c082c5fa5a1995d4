#include "plugin/call_result.hpp"
#include "plugin/documents.hpp"
#include "plugin/isolated.hpp"
#include "plugin/module.hpp"

namespace cell::plugin {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

}  // namespace

Result<CallResult> Isolated::call(wire::Kind kind, std::string_view first, std::string_view second,
                                  milliseconds limit, const char* name) {
  const auto deadline = steady_clock::now() + limit;
  const std::string too_late =
      "the plugin's " + std::string(name) + " did not end within " + std::to_string(limit.count()) + " ms";
  const auto pending = std::make_shared<Pending>();
  Child child;
  std::uint64_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    if (!child_) return crashed(not_running_.empty() ? "the plugin is not running" : not_running_);
    if (pending_.size() >= kMaxInFlight) return busy("the plugin is busy with other requests");
    child = child_;
    id = next_id_++;
    pending_.emplace(id, pending);
  }
  bool sent = false;
  {
    const std::lock_guard lock(write_mutex_);
    sent = wire::write_frame(child->socket(), {kind, 0, 0, 0, 0, 0, id}, first, second, deadline);
  }
  if (!sent) child->kill(too_late);
  return wait(pending, id, child, deadline, too_late);
}

Result<CallResult> Isolated::wait(const std::shared_ptr<Pending>& pending, std::uint64_t id,
                                  const Child& child, wire::Deadline deadline, const std::string& too_late) {
  std::unique_lock lock(mutex_);
  if (!pending->done.wait_until(lock, deadline, [&] { return pending->is_done; })) {
    pending_.erase(id);
    lock.unlock();
    child->kill(too_late);
    return timed_out(too_late);
  }
  if (!pending->crash.empty()) return crashed(pending->crash);
  return std::move(pending->result);
}

Result<Json> Isolated::plan(const Json& config) {
  const std::unique_lock turn(control_, options_.plan_limit);
  if (!turn.owns_lock()) return busy("the plugin is busy with another plan");
  return plan_of(CELL_TRY(call(wire::Kind::plan, dump_json(config), {}, options_.plan_limit, "plan")));
}

Result<PluginResponse> Isolated::handle(const PluginRequest& request) {
  return response_of(CELL_TRY(
      call(wire::Kind::handle, dump_json(request.head), request.body, options_.handle_limit, "handle")));
}

Result<void> Isolated::notify(const Json& event) {
  const std::unique_lock turn(job_, options_.notify_limit);
  if (!turn.owns_lock()) return busy("the plugin is busy with another event");
  return notified(CELL_TRY(call(wire::Kind::notify, dump_json(event), {}, options_.notify_limit, "notify")));
}

Result<std::unique_ptr<Instance>> open_isolated(const Manifest& manifest, OpenOptions options) {
  if (manifest.kind != Kind::native) return Error{Code::internal, "the package has no library to load"};
  CELL_TRY(check_library_head(options.library));
  auto instance = std::make_unique<Isolated>(std::move(options));
  CELL_TRY(instance->wait_until_open());
  return std::unique_ptr<Instance>(std::move(instance));
}

}  // namespace cell::plugin
