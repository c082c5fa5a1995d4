#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "api/system_routes.hpp"
#include "engine/client.hpp"

namespace cell::app {

// What the container engine was last seen to be. Asks from a thread of its own, so that who wants to know
// never waits for an engine that hangs. Thread: any.
class EngineWatch {
 public:
  struct Options {
    std::chrono::milliseconds interval{5'000};  // between two questions
    std::chrono::milliseconds patience{3'000};  // a question that takes longer counts as not answered
  };
  explicit EngineWatch(engine::Engine& engine);
  EngineWatch(engine::Engine& engine, Options options);
  ~EngineWatch();  // ends with the question that is under way

  // Waits for the first answer, at most `limit`.
  void wait_for_first(std::chrono::milliseconds limit);
  // "pending" before the first answer.
  [[nodiscard]] api::HealthComponent health() const;

 private:
  void run(const std::stop_token& stop);

  engine::Engine& engine_;
  Options options_;
  mutable std::mutex mutex_;  // guards the following
  std::condition_variable_any wake_;
  std::optional<Result<engine::EngineInfo>> last_;
  std::optional<SteadyPoint> asked_at_;  // of the question that is under way
  std::jthread thread_;                  // last: it uses the others
};

}  // namespace cell::app
