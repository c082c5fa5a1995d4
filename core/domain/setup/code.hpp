#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace cell::setup {

// "ABCD-EFGH-JKMN-PQRS": 16 characters without look-alikes, 78 bits.
std::string generate_code();

// What a person meant: without blanks and hyphens, in upper case.
std::string normalised_code(std::string_view typed);

// Compares typed codes with the real one and slows down who keeps guessing. Thread: any.
class CodeGuard {
 public:
  explicit CodeGuard(const Clock& clock) : clock_(clock) {}
  void set(std::string_view code);
  Result<void> check(std::string_view typed, const std::string& address);

 private:
  struct Attempts {
    int wrong = 0;
    SteadyPoint began{};
  };
  const Clock& clock_;
  std::mutex mutex_;
  std::string code_;
  std::map<std::string, Attempts> attempts_;
};

}  // namespace cell::setup
