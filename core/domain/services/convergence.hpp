#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/services/active.hpp"
#include "engine/client.hpp"
#include "reconcile/ledger.hpp"

// Whether a service is as it should be.
namespace cell::services {

enum class ContainerHealth { missing, outdated, starting, healthy, unhealthy, ended };

struct ContainerState {
  std::string name;  // of the engine
  ContainerHealth health = ContainerHealth::missing;
  std::string state;   // "running"
  std::string status;  // "Up 2 minutes (healthy)"
};

// The state of each container that a service wants. Pure.
std::vector<ContainerState> container_states(const Active& service, const Frame& frame,
                                             const std::vector<engine::ContainerSummary>& there);

// Bytes that each container that runs takes, by its name; one that can't be measured is left out. Asks the
// engine once for each.
std::map<std::string, std::uint64_t> memory_of(const std::vector<ContainerState>& containers,
                                               engine::Engine& engine);

// Waits until all containers of a service run as they should and are healthy. What can't get well any more
// is an error with the last lines of its log.
class HealthWait {
 public:
  struct Parts {
    engine::Engine& engine;
    std::function<std::vector<reconcile::State>()> states;  // of the reconciler
    std::function<bool()> cancelled;
    std::function<void(double healthy, double total)> advance;
  };
  explicit HealthWait(Parts parts) : parts_(std::move(parts)) {}
  Result<void> wait(const Active& service, const Frame& frame);

 private:
  [[nodiscard]] std::optional<Error> failure(const Active& service,
                                             const std::vector<ContainerState>& containers);
  [[nodiscard]] Error told_by(const std::string& container, const std::string& what) const;

  Parts parts_;
  std::map<std::string, int> ended_;  // looks at which a container did not run
};

// How long a service may take to be healthy, from its own checks.
std::chrono::seconds patience_of(const plugin::Contributions& parts);

}  // namespace cell::services
