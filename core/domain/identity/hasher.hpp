#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/password.hpp"

namespace cell::identity {

// The two slow functions, replaceable so that tests can count calls and need no 30 ms each.
struct HashFunctions {
  std::function<Result<std::string>(const Secret&)> hash = crypto::hash_password;
  std::function<bool(const Secret&, std::string_view)> verify = crypto::verify_password;
};

// Password hashing behind a gate: at most `parallel` at a time and `max_waiting` more in line; one hash costs
// the processor time of about 1,500 requests and 19 MiB. Over that: rate_limited. Thread: any; blocks the
// caller.
class Hasher {
 public:
  explicit Hasher(HashFunctions functions = {}, std::size_t parallel = 2, std::size_t max_waiting = 4);
  Result<std::string> hash(const Secret& password);
  Result<bool> verify(const Secret& password, std::string_view phc);
  // Takes as long as a verify that fails, so that an unknown name can't be told from a wrong password by the
  // clock.
  Result<void> verify_nobody(const Secret& password);

 private:
  class Turn;
  Result<void> enter();
  void leave();

  HashFunctions functions_;
  std::size_t parallel_;
  std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t running_ = 0;
  std::size_t waiting_ = 0;
};

// A well-formed hash of no password, with the parameters that crypto::hash_password uses.
extern const char* const kHashOfNobody;

}  // namespace cell::identity
