#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "caddy/admin.hpp"

namespace cell::test {

// Caddy in memory: holds the document that it was given last. Thread: any.
class FakeCaddy final : public caddy::Admin {
 public:
  Result<void> load(const Json& document) override {
    const std::lock_guard lock(mutex);
    if (refusal) return *refusal;
    ++loads;
    running = document;
    return {};
  }
  Result<Json> current() override {
    const std::lock_guard lock(mutex);
    if (absent_for > 0) {
      --absent_for;
      return Error{Code::unavailable, "Caddy is not there"};
    }
    return running;
  }

  std::mutex mutex;
  Json running;
  int loads = 0;
  int absent_for = 0;  // number of questions that find nobody
  std::optional<Error> refusal;
};

}  // namespace cell::test
