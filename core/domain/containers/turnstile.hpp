#pragma once

#include <condition_variable>
#include <mutex>

#include "base/result.hpp"

namespace cell::containers {

// Lets so many through at a time; others wait a moment and are then sent away. So that questions to an engine
// that hangs hold a few threads, and not all. Thread: any.
class Turnstile {
 public:
  Turnstile(int places, std::chrono::milliseconds wait) : free_(places), wait_(wait) {}

  // A place, given back at the end of its life.
  class Place {
   public:
    explicit Place(Turnstile& turnstile) : turnstile_(&turnstile) {}
    ~Place() {
      if (turnstile_ != nullptr) turnstile_->leave();
    }
    Place(Place&& other) noexcept : turnstile_(std::exchange(other.turnstile_, nullptr)) {}
    Place& operator=(Place&&) = delete;

   private:
    Turnstile* turnstile_;
  };
  // unavailable (reason engine_busy) when none got free in time.
  Result<Place> enter() {
    std::unique_lock lock(mutex_);
    if (!left_.wait_for(lock, wait_, [this] { return free_ > 0; })) {
      return Error{Code::unavailable,
                   "the container engine does not keep up with what it is asked",
                   "try again in a moment",
                   {},
                   "engine_busy"};
    }
    --free_;
    return Place(*this);
  }

 private:
  void leave() {
    {
      const std::lock_guard lock(mutex_);
      ++free_;
    }
    left_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable left_;
  int free_;  // guarded by mutex_
  std::chrono::milliseconds wait_;
};

}  // namespace cell::containers
