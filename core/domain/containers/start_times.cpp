#include "domain/containers/start_times.hpp"

namespace cell::containers {

namespace {

constexpr std::chrono::seconds kTrusted{60};
constexpr std::size_t kMaxEntries = 1000;

}  // namespace

Result<std::string> StartTimes::of(const engine::ContainerSummary& container) {
  if (container.state != "running") return std::string();
  const SteadyPoint now = std::chrono::steady_clock::now();
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(container.name);
    const bool known =
        found != entries_.end() && found->second.id == container.id && now - found->second.asked < kTrusted;
    if (known) return found->second.time;
  }
  const auto inspection = engine_.inspect_container(container.name);
  if (!inspection && inspection.error().code == Code::not_found) return std::string();
  if (!inspection) return inspection.error();
  std::string time = json_string(json_member(*inspection, "State"), "StartedAt");
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMaxEntries) entries_.clear();
  entries_[container.name] = {container.id, time, now};
  return time;
}

void StartTimes::forget(const std::string& name) {
  const std::lock_guard lock(mutex_);
  entries_.erase(name);
}

}  // namespace cell::containers
