#include "domain/containers/sampler.hpp"

#include <algorithm>

namespace cell::containers {

namespace {

using Stats = std::vector<engine::ContainerStats>;

constexpr std::size_t kAtOnce = 8;         // questions to the engine
constexpr std::size_t kMaxMeasured = 200;  // above what one machine runs

}  // namespace

Sampler::Sampler(engine::Engine& engine) : Sampler(engine, Options{}) {}

Sampler::Sampler(engine::Engine& engine, Options options)
    : engine_(engine), options_(options), thread_([this](const std::stop_token& stop) { run(stop); }) {}

Sampler::~Sampler() {
  thread_.request_stop();
  wake_.notify_all();
}

Result<Stats> Sampler::latest() {
  std::unique_lock lock(mutex_);
  asked_ = std::chrono::steady_clock::now();
  if (!is_wanted_) is_fresh_ = false;  // what is left from before the rest is old
  is_wanted_ = true;
  wake_.notify_all();
  wake_.wait_for(lock, options_.first_wait, [this] { return is_fresh_; });
  return is_fresh_ ? latest_ : Result<Stats>(Stats{});
}

void Sampler::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!wake_.wait(lock, stop, [this] { return is_wanted_; })) return;
    lock.unlock();
    auto measured = measure();
    lock.lock();
    latest_ = std::move(measured);
    is_fresh_ = true;
    wake_.notify_all();
    wake_.wait_for(lock, stop, options_.interval, [] { return false; });
    if (std::chrono::steady_clock::now() - asked_ > options_.rest_after) is_wanted_ = false;
  }
}

Result<Stats> Sampler::measure() {
  std::vector<std::string> names;
  for (const auto& container : CELL_TRY(engine_.containers())) {
    if (container.state == "running" && names.size() < kMaxMeasured) names.push_back(container.name);
  }
  Stats measured(names.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < names.size(); i = next++) {
      // One that went away meanwhile keeps its empty name and is left out.
      if (auto stats = engine_.stats(names[i])) measured[i] = std::move(stats).value();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(kAtOnce, names.size()); ++i) helpers.emplace_back(work);
    work();
  }
  std::erase_if(measured, [](const engine::ContainerStats& stats) { return stats.name.empty(); });
  std::sort(measured.begin(), measured.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return measured;
}

}  // namespace cell::containers
