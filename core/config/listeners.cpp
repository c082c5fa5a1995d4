#include "config/listeners.hpp"

namespace cell::config {

void Listeners::add(Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back(std::move(listener));
}

std::uint64_t Listeners::enqueue(Snapshot before, Snapshot after) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(before), std::move(after)});
  return ++next_ticket_;
}

// One thread at a time tells, without the lock; others wait for it to reach their document.
void Listeners::drain(std::unique_lock<std::mutex>& lock) {
  teller_ = std::this_thread::get_id();
  while (!waiting_.empty()) {
    const Change change = std::move(waiting_.front());
    waiting_.pop_front();
    const std::vector<Listener> listeners = listeners_;
    lock.unlock();
    for (const Listener& listener : listeners) {
      try {
        listener(change.before, change.after);
      } catch (...) {
        // The document is saved and in force whatever a listener makes of it; the others must hear of it.
      }
    }
    lock.lock();
    ++delivered_;
    told_.notify_all();
  }
  teller_ = {};
  told_.notify_all();
}

void Listeners::deliver(std::uint64_t ticket) {
  std::unique_lock lock(mutex_);
  if (teller_ == std::this_thread::get_id()) return;
  while (delivered_ < ticket) {
    if (teller_ == std::thread::id{})
      drain(lock);
    else
      told_.wait(lock);
  }
}

}  // namespace cell::config
