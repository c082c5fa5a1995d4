#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "config/store.hpp"

// Inside core/config only: tells listeners of each document in the order of the commits. Thread: any.
namespace cell::config {

class Listeners {
 public:
  void add(Listener listener);
  // Called under the writer's lock, so that the tickets have the order of the commits.
  std::uint64_t enqueue(Snapshot before, Snapshot after);
  // Called without it: returns when the ticket's document was told, or at once inside a listener.
  void deliver(std::uint64_t ticket);

 private:
  struct Change {
    Snapshot before;
    Snapshot after;
  };
  void drain(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable told_;
  std::vector<Listener> listeners_;
  std::deque<Change> waiting_;
  std::uint64_t next_ticket_ = 0;
  std::uint64_t delivered_ = 0;
  std::thread::id teller_{};
};

}  // namespace cell::config
