#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "engine/client.hpp"

namespace cell::containers {

// Since when containers run. The engine's list does not tell, so each is asked for once and then remembered
// until an event of the engine says that it was started anew, or a minute has passed (events may have been
// missed). Thread: any.
class StartTimes {
 public:
  explicit StartTimes(engine::Engine& engine) : engine_(engine) {}
  // RFC 3339 as the engine gives it; empty when it does not run or is gone.
  Result<std::string> of(const engine::ContainerSummary& container);
  void forget(const std::string& name);

 private:
  struct Entry {
    std::string id;
    std::string time;
    SteadyPoint asked{};
  };
  engine::Engine& engine_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;  // by name
};

}  // namespace cell::containers
