#pragma once

#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace cell::identity {

// A table that keeps the `max_entries` most recently used entries.
template <class Value>
class RecentTable {
 public:
  explicit RecentTable(std::size_t max_entries) : max_entries_(max_entries) {}

  Value* find(const std::string& key) {
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &found->second->second;
  }
  Value& at(const std::string& key) {
    if (const auto found = index_.find(key); found != index_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return entries_.front().second;
    }
    if (entries_.size() >= max_entries_) {
      index_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(key, Value{});
    index_.emplace(entries_.front().first, entries_.begin());
    return entries_.front().second;
  }
  void erase(const std::string& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return;
    const auto entry = found->second;
    index_.erase(found);
    entries_.erase(entry);
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<std::pair<std::string, Value>>;
  std::size_t max_entries_;
  Entries entries_;
  std::unordered_map<std::string_view, typename Entries::iterator> index_;  // keys live in entries_
};

// Slows down guessing. Counted are attempts that were not successful:
//  - account and source together: five are free, then a delay of 1, 2, 4 … 900 s; forgotten after 15 quiet
//  minutes
//  - source alone: 20 a minute
//  - account alone: 100 an hour, but not for a source that has logged in to it before, so that an attacker
//  with many
//    addresses can't lock the owner out
// An attempt counts from admit() on, so parallel ones don't slip through. At most 10 MiB whatever comes.
// Thread: any.
class Throttle {
 public:
  explicit Throttle(const Clock& clock, std::size_t max_entries = 20'000);

  // rate_limited with retry_after_s, or permission for one attempt that must be ended by one of the other
  // two, or by nothing when it failed.
  Result<void> admit(std::string_view account, std::string_view address);
  void succeeded(std::string_view account, std::string_view address);
  void withdrawn(std::string_view account, std::string_view address);  // was never judged
  [[nodiscard]] std::size_t entries() const;

 private:
  struct Pair {
    int attempts = 0;
    SteadyPoint last{};
    SteadyPoint blocked_until{};
  };
  struct Window {
    int attempts = 0;
    SteadyPoint began{};
  };
  struct Keys {
    std::string account, source, pair;
  };
  static Keys keys_of(std::string_view account, std::string_view address);
  void undo(const Keys& keys, bool forget_pair);

  const Clock& clock_;
  mutable std::mutex mutex_;
  RecentTable<Pair> pairs_;
  RecentTable<Window> sources_;
  RecentTable<Window> accounts_;
  RecentTable<char> known_;  // account and source that belong together
};

}  // namespace cell::identity
