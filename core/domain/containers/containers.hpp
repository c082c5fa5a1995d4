#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/event_sink.hpp"
#include "config/store.hpp"
#include "domain/containers/sampler.hpp"
#include "domain/containers/start_times.hpp"
#include "domain/containers/turnstile.hpp"
#include "domain/jobs/jobs.hpp"

namespace cell::containers {

enum class Act { start, stop, restart };
std::string_view to_string(Act act) noexcept;

// The containers of the engine, seen from one cell: all are shown, only the cell's own are started and
// stopped. One that its owner stopped stays stopped: that wish stands in the configuration
// (containers.stopped), where the composition root reads it for reconcile::Container::stopped. Thread: any.
class Containers {
 public:
  struct Parts {
    engine::Engine& engine;
    config::Store& config;
    jobs::Jobs& jobs;
    EventSink& events;
    std::string instance;
    Sampler::Options sampling{};
  };
  explicit Containers(Parts parts);

  [[nodiscard]] Result<Json> list();                                  // own first, then by name
  [[nodiscard]] Result<Json> inspect(const std::string& name) const;  // the list's item and details_of()
  [[nodiscard]] Result<Json> logs(const std::string& name, std::size_t tail, const std::string& since) const;
  Result<Json> stats();
  [[nodiscard]] Result<Json> images() const;
  [[nodiscard]] Result<Json> volumes() const;

  // Begins a job; answers its id. forbidden with reason "read_only" for a container that is not the cell's,
  // conflict for celld's own.
  Result<std::string> begin(Act act, const std::string& name, const std::string& actor);

  // To be told of everything that the engine reports; makes `container.changed` of what changes a container's
  // state, and answers whether it did.
  bool on_event(const engine::Event& event);

  struct Count {
    std::size_t running = 0;
    std::size_t total = 0;
  };
  [[nodiscard]] Result<Count> count() const;  // of the cell's own
  // When a container was last started; nothing when it does not run or can't be asked.
  [[nodiscard]] std::optional<TimePoint> started_at(const std::string& name) const;

 private:
  [[nodiscard]] Result<engine::ContainerSummary> find(const std::string& name) const;
  Result<void> run(Act act, const std::string& name, const std::string& actor);
  Result<bool> remember_stopped(const std::string& name, bool stopped, const std::string& actor);

  Parts parts_;
  mutable Turnstile asking_;  // for what is asked in a request's thread
  Sampler sampler_;
  StartTimes start_times_;
};

}  // namespace cell::containers
