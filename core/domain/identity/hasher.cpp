#include "domain/identity/hasher.hpp"

namespace cell::identity {

const char* const kHashOfNobody =
    "$argon2id$v=19$m=19456,t=2,p=1$Y2VsbC1ub2JvZHktaGVyZQ$bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkLCBldmVyIQ0";

class Hasher::Turn {
 public:
  explicit Turn(Hasher& hasher) : hasher_(hasher) {}
  ~Turn() { hasher_.leave(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Hasher& hasher_;
};

Hasher::Hasher(HashFunctions functions, std::size_t parallel, std::size_t max_waiting)
    : functions_(std::move(functions)), parallel_(parallel), max_waiting_(max_waiting) {}

Result<void> Hasher::enter() {
  std::unique_lock lock(mutex_);
  if (running_ >= parallel_) {
    if (waiting_ >= max_waiting_) {
      return Error{
          Code::rate_limited, "too many log-ins at the same time", "try again in a moment", {}, {}, 1};
    }
    ++waiting_;
    freed_.wait(lock, [this] { return running_ < parallel_; });
    --waiting_;
  }
  ++running_;
  return {};
}

void Hasher::leave() {
  {
    const std::lock_guard lock(mutex_);
    --running_;
  }
  freed_.notify_one();
}

Result<std::string> Hasher::hash(const Secret& password) {
  CELL_TRY(enter());
  const Turn turn(*this);
  return functions_.hash(password);
}

Result<bool> Hasher::verify(const Secret& password, std::string_view phc) {
  CELL_TRY(enter());
  const Turn turn(*this);
  return functions_.verify(password, phc);
}

Result<void> Hasher::verify_nobody(const Secret& password) {
  CELL_TRY(verify(password, kHashOfNobody));
  return {};
}

}  // namespace cell::identity
