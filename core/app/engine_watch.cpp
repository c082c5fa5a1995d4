#include "app/engine_watch.hpp"

namespace cell::app {

EngineWatch::EngineWatch(engine::Engine& engine) : EngineWatch(engine, Options{}) {}

EngineWatch::EngineWatch(engine::Engine& engine, Options options)
    : engine_(engine), options_(options), thread_([this](const std::stop_token& stop) { run(stop); }) {}

EngineWatch::~EngineWatch() {
  thread_.request_stop();
  wake_.notify_all();
}

void EngineWatch::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    asked_at_ = std::chrono::steady_clock::now();
    lock.unlock();
    auto info = engine_.info();
    lock.lock();
    asked_at_ = std::nullopt;
    last_ = std::move(info);
    wake_.notify_all();
    wake_.wait_for(lock, stop, options_.interval, [] { return false; });
  }
}

void EngineWatch::wait_for_first(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, limit, [this] { return last_.has_value(); });
}

api::HealthComponent EngineWatch::health() const {
  const std::lock_guard lock(mutex_);
  if (asked_at_ && std::chrono::steady_clock::now() - *asked_at_ > options_.patience)
    return {"engine", "down", "the container engine does not answer"};
  if (!last_) return {"engine", "pending", {}};
  if (!*last_) return {"engine", "down", last_->error().message};
  return {"engine", "ok", (*last_)->version};
}

}  // namespace cell::app
