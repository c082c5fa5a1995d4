#pragma once

#include <atomic>
#include <cstddef>

namespace cell::http {

// What all connections together may hold of bodies that are still arriving: many clients that each stay below
// their own limit must not take the machine's memory. Thread: any.
struct BufferBudget {
  explicit BufferBudget(std::size_t max) : max_bytes(max) {}
  const std::size_t max_bytes;
  std::atomic<std::size_t> used_bytes = 0;
};

// One connection's part of the budget, given back at its end.
class BufferShare {
 public:
  explicit BufferShare(BufferBudget& budget) : budget_(budget) {}
  BufferShare(const BufferShare&) = delete;
  BufferShare& operator=(const BufferShare&) = delete;
  ~BufferShare() { release(); }

  // False: there is not that much left; what it had it keeps.
  bool grow_to(std::size_t bytes) {
    if (bytes <= bytes_) return true;
    const std::size_t more = bytes - bytes_;
    if (budget_.used_bytes.fetch_add(more) + more > budget_.max_bytes) {
      budget_.used_bytes.fetch_sub(more);
      return false;
    }
    bytes_ = bytes;
    return true;
  }
  void release() {
    if (bytes_ > 0) budget_.used_bytes.fetch_sub(bytes_);
    bytes_ = 0;
  }

 private:
  BufferBudget& budget_;
  std::size_t bytes_ = 0;
};

}  // namespace cell::http
