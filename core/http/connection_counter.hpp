#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

namespace cell::http {

// Counts connections, in all and by whom they come from. Thread: any.
class ConnectionCounter {
 public:
  ConnectionCounter(std::size_t max_total, std::size_t max_per_source)
      : max_total_(max_total), max_per_source_(max_per_source) {}
  // `source` as in Accepted; empty: counted in the total only. False: over a limit, not counted.
  bool add(const std::string& source);
  void remove(const std::string& source);
  [[nodiscard]] std::size_t total() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> by_source_;
  std::size_t total_ = 0;
  std::size_t max_total_;
  std::size_t max_per_source_;
};

}  // namespace cell::http
