#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "engine/client.hpp"

namespace cell::containers {

// Measures all running containers every few seconds while somebody asks, several at a time, so that a request
// never waits for the engine once for each container. Rests when nobody has asked for a while. Thread: any.
class Sampler {
 public:
  struct Options {
    std::chrono::milliseconds interval{3'000};
    std::chrono::milliseconds rest_after{15'000};  // the UI asks every 5 s
    std::chrono::milliseconds first_wait{3'000};   // how long the first one who asks waits at most
  };
  explicit Sampler(engine::Engine& engine);
  Sampler(engine::Engine& engine, Options options);
  ~Sampler();

  // The newest measurements by name. unavailable when the engine can't be asked.
  Result<std::vector<engine::ContainerStats>> latest();

 private:
  void run(const std::stop_token& stop);
  Result<std::vector<engine::ContainerStats>> measure();

  engine::Engine& engine_;
  Options options_;
  std::mutex mutex_;  // guards the following
  std::condition_variable_any wake_;
  SteadyPoint asked_{};
  bool is_wanted_ = false;
  bool is_fresh_ = false;
  Result<std::vector<engine::ContainerStats>> latest_{std::vector<engine::ContainerStats>{}};
  std::jthread thread_;  // last: it uses the others
};

}  // namespace cell::containers
