#include "base/task_queue.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <pthread.h>

namespace cell {

namespace {

struct Timer {
  TaskQueue::TimerId id = 0;
  std::chrono::milliseconds interval{0};  // 0: once
  TaskQueue::Task task;
};

}  // namespace

struct TaskQueue::Impl {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Task> waiting;
  std::multimap<SteadyPoint, Timer> timers;
  std::set<TimerId> cancelled_while_running;
  std::set<TimerId> running_timers;
  TimerId next_id = 1;
  std::size_t max_waiting = 0;
  bool stopping = false;
  std::function<void(const std::string&)> on_exception;
  std::vector<std::jthread> threads;

  void work();
  bool run_due_timer(std::unique_lock<std::mutex>& lock);
  void run(const Task& task) const;
};

void TaskQueue::Impl::run(const Task& task) const {
  try {
    task();
  } catch (const std::exception& e) {
    if (on_exception) on_exception(e.what());
  } catch (...) {
    if (on_exception) on_exception("unknown exception");
  }
}

// Runs the first timer that is due, without the lock; puts a repeated one back afterwards, so runs never
// overlap.
bool TaskQueue::Impl::run_due_timer(std::unique_lock<std::mutex>& lock) {
  if (timers.empty() || timers.begin()->first > std::chrono::steady_clock::now()) return false;
  Timer timer = std::move(timers.begin()->second);
  timers.erase(timers.begin());
  running_timers.insert(timer.id);
  lock.unlock();
  run(timer.task);
  lock.lock();
  running_timers.erase(timer.id);
  const bool cancelled = cancelled_while_running.erase(timer.id) > 0;
  if (timer.interval.count() > 0 && !cancelled && !stopping) {
    const auto due = std::chrono::steady_clock::now() + timer.interval;
    timers.emplace(due, std::move(timer));
    wake.notify_one();
  }
  return true;
}

void TaskQueue::Impl::work() {
  std::unique_lock lock(mutex);
  while (!stopping) {
    if (run_due_timer(lock)) continue;
    if (!waiting.empty()) {
      const Task task = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      run(task);
      lock.lock();
      continue;
    }
    if (timers.empty())
      wake.wait(lock);
    else
      wake.wait_until(lock, SteadyPoint(timers.begin()->first));
  }
}

TaskQueue::TaskQueue(std::string name, std::size_t threads, std::size_t max_waiting,
                     std::function<void(const std::string&)> on_exception)
    : impl_(std::make_unique<Impl>()) {
  impl_->max_waiting = max_waiting;
  impl_->on_exception = std::move(on_exception);
  for (std::size_t i = 0; i < threads; ++i) {
    impl_->threads.emplace_back([impl = impl_.get()] { impl->work(); });
    // The kernel takes 15 characters.
    pthread_setname_np(impl_->threads.back().native_handle(), name.substr(0, 15).c_str());
  }
}

TaskQueue::~TaskQueue() { stop(); }

Result<void> TaskQueue::post(Task task) {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->stopping) return Error{Code::unavailable, "the queue is stopping"};
  if (impl_->waiting.size() >= impl_->max_waiting) {
    return Error{Code::unavailable, "too much work is waiting already", "try again in a moment"};
  }
  impl_->waiting.push_back(std::move(task));
  impl_->wake.notify_one();
  return {};
}

TaskQueue::TimerId TaskQueue::after(std::chrono::milliseconds delay, Task task) {
  const std::lock_guard lock(impl_->mutex);
  const TimerId id = impl_->next_id++;
  impl_->timers.emplace(std::chrono::steady_clock::now() + delay,
                        Timer{id, std::chrono::milliseconds{0}, std::move(task)});
  impl_->wake.notify_one();
  return id;
}

TaskQueue::TimerId TaskQueue::every(std::chrono::milliseconds interval, Task task) {
  const std::lock_guard lock(impl_->mutex);
  const TimerId id = impl_->next_id++;
  impl_->timers.emplace(std::chrono::steady_clock::now() + interval, Timer{id, interval, std::move(task)});
  impl_->wake.notify_one();
  return id;
}

void TaskQueue::cancel(TimerId id) {
  const std::lock_guard lock(impl_->mutex);
  std::erase_if(impl_->timers, [id](const auto& entry) { return entry.second.id == id; });
  if (impl_->running_timers.contains(id)) impl_->cancelled_while_running.insert(id);
}

void TaskQueue::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    impl_->waiting.clear();
    impl_->timers.clear();
  }
  impl_->wake.notify_all();
  impl_->threads.clear();
}

}  // namespace cell
