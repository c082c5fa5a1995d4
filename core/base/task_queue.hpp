#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace cell {

// A fixed number of threads that run tasks in order of arrival, plus delayed and repeated ones on the steady
// clock. An exception in a task ends that task only and is handed to `on_exception`. Destruction stops:
// waiting tasks are dropped, running ones are joined. Thread: any.
class TaskQueue {
 public:
  using Task = std::function<void()>;
  using TimerId = std::uint64_t;
  static constexpr std::size_t kMaxWaiting = 10'000;

  TaskQueue(std::string name, std::size_t threads, std::size_t max_waiting = kMaxWaiting,
            std::function<void(const std::string& what)> on_exception = {});
  ~TaskQueue();

  // unavailable when max_waiting tasks wait already or the queue is stopping.
  Result<void> post(Task task);
  TimerId after(std::chrono::milliseconds delay, Task task);
  // First run after `interval`; a run that takes longer than the interval delays the next one, they never
  // overlap.
  TimerId every(std::chrono::milliseconds interval, Task task);
  void cancel(TimerId id);
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell
