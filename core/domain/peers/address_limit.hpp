#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace cell::peers {

// At most so many calls a minute from one source, for doors that are open to strangers. The memory is
// bounded: when too many sources come at once, the oldest counts are forgotten. Thread: any.
class AddressLimit {
 public:
  AddressLimit(const Clock& clock, int per_minute) : clock_(clock), per_minute_(per_minute) {}
  // rate_limited with retry_after_s.
  Result<void> admit(const std::string& source);

 private:
  struct Window {
    int calls = 0;
    SteadyPoint began{};
  };
  const Clock& clock_;
  int per_minute_;
  std::mutex mutex_;
  std::unordered_map<std::string, Window> windows_;  // guarded by mutex_
};

}  // namespace cell::peers
