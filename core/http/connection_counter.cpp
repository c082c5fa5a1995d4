#include "http/connection_counter.hpp"

namespace cell::http {

bool ConnectionCounter::add(const std::string& source) {
  const std::lock_guard lock(mutex_);
  if (total_ >= max_total_) return false;
  if (!source.empty()) {
    std::size_t& own = by_source_[source];
    if (own >= max_per_source_) return false;
    ++own;
  }
  ++total_;
  return true;
}

void ConnectionCounter::remove(const std::string& source) {
  const std::lock_guard lock(mutex_);
  --total_;
  const auto found = by_source_.find(source);
  if (found != by_source_.end() && --found->second == 0) by_source_.erase(found);
}

std::size_t ConnectionCounter::total() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

}  // namespace cell::http
