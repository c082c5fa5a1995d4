#include "domain/services/convergence.hpp"

#include <thread>

#include "domain/jobs/jobs.hpp"
#include "domain/services/desired_parts.hpp"

namespace cell::services {

namespace {

using std::chrono::seconds;

constexpr std::chrono::milliseconds kLook{300};
constexpr seconds kStart{60};       // for the engine to make and start a container
constexpr int kEndedLooks = 20;     // six seconds in which a container was not seen to run
constexpr int kFailedAttempts = 3;  // of the reconciler
constexpr std::size_t kToldLines = 6;

ContainerHealth health_of(const engine::ContainerSummary& container, const std::string& hash) {
  const auto label = container.labels.find(reconcile::kLabelHash);
  if (label == container.labels.end() || label->second != hash) return ContainerHealth::outdated;
  if (container.state == "created") return ContainerHealth::starting;
  if (container.state != "running") return ContainerHealth::ended;
  if (container.status.find("(unhealthy)") != std::string::npos) return ContainerHealth::unhealthy;
  if (container.status.find("(health: starting)") != std::string::npos) return ContainerHealth::starting;
  return ContainerHealth::healthy;
}

}  // namespace

std::vector<ContainerState> container_states(const Active& service, const Frame& frame,
                                             const std::vector<engine::ContainerSummary>& there) {
  reconcile::Desired desired;
  add_to(desired, service, frame);
  std::vector<ContainerState> states;
  for (const reconcile::Container& container : desired.containers) {
    ContainerState state{container.spec.name, ContainerHealth::missing, "missing", {}};
    for (const engine::ContainerSummary& found : there) {
      if (found.name != container.spec.name) continue;
      state.health = health_of(found, reconcile::resource_of(container).hash);
      state.state = found.state;
      state.status = found.status;
    }
    states.push_back(std::move(state));
  }
  return states;
}

std::map<std::string, std::uint64_t> memory_of(const std::vector<ContainerState>& containers,
                                               engine::Engine& engine) {
  std::map<std::string, std::uint64_t> bytes;
  for (const ContainerState& container : containers) {
    if (container.state != "running") continue;
    if (const auto stats = engine.stats(container.name)) bytes[container.name] = stats->memory_bytes;
  }
  return bytes;
}

seconds patience_of(const plugin::Contributions& parts) {
  seconds sum = kStart;
  for (const plugin::ContainerWish& container : parts.containers) {
    if (!container.health) continue;
    const plugin::Health& health = *container.health;
    sum += seconds(health.start_period_s) +
           (seconds(health.interval_s) + seconds(health.timeout_s)) * (health.retries + 1);
  }
  return sum;
}

Error HealthWait::told_by(const std::string& container, const std::string& what) const {
  std::string words;
  if (const auto lines = parts_.engine.logs(container, kToldLines, {})) {
    for (const engine::LogLine& line : *lines) words += (words.empty() ? ": " : " | ") + line.line;
  }
  return Error{Code::unavailable, "container '" + container + "' " + what + words,
               "its log says more: Containers → " + container};
}

std::optional<Error> HealthWait::failure(const Active& service,
                                         const std::vector<ContainerState>& containers) {
  for (const ContainerState& container : containers) {
    if (container.health == ContainerHealth::unhealthy) return told_by(container.name, "is not healthy");
    const bool down = container.health == ContainerHealth::ended;
    ended_[container.name] = down ? ended_[container.name] + 1 : 0;
    if (ended_[container.name] >= kEndedLooks) return told_by(container.name, "ends again and again");
  }
  for (const reconcile::State& state : parts_.states()) {
    if (state.owner != service.entry.id || state.status != reconcile::Status::failed || !state.error ||
        state.attempt < kFailedAttempts)
      continue;
    Error error = *state.error;
    error.message = state.kind + " '" + state.name + "': " + error.message;
    return error;
  }
  return std::nullopt;
}

Result<void> HealthWait::wait(const Active& service, const Frame& frame) {
  const SteadyPoint end = std::chrono::steady_clock::now() + patience_of(service.parts);
  while (true) {
    const auto there = CELL_TRY(parts_.engine.containers(
        {{reconcile::kLabelInstance, frame.core.instance}, {reconcile::kLabelOwner, service.entry.id}}));
    const auto containers = container_states(service, frame, there);
    const auto healthy = std::count_if(containers.begin(), containers.end(), [](const ContainerState& state) {
      return state.health == ContainerHealth::healthy;
    });
    parts_.advance(static_cast<double>(healthy), static_cast<double>(containers.size()));
    if (static_cast<std::size_t>(healthy) == containers.size()) return {};
    if (auto failed = failure(service, containers)) return std::move(*failed);
    if (parts_.cancelled()) return jobs::cancelled();
    if (std::chrono::steady_clock::now() > end) {
      const auto late = std::find_if(containers.begin(), containers.end(), [](const ContainerState& state) {
        return state.health != ContainerHealth::healthy;
      });
      return told_by(late->name, "did not become healthy in time");
    }
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace cell::services
