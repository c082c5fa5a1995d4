#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "reconcile/desired.hpp"

namespace cell::reconcile {

enum class Status { applied, pending, failed };
std::string_view to_string(Status status) noexcept;

// How one resource stands.
struct State {
  std::string owner;
  std::string kind;
  std::string name;
  Status status = Status::pending;
  std::optional<Error> error;  // with failed, and what is waited for with pending
  TimePoint since{};           // of this status
  int attempt = 0;             // failures in a row
};

// Remembers how each resource stands and when a failed one is due again: 1 s, 2 s, 4 s … 5 min, at once when
// what is wanted of it changes. Thread: any.
class Ledger {
 public:
  using Listener = std::function<void(const State&)>;

  // `listener` is told of each change of status or error, without a lock held.
  Ledger(const Clock& clock, Listener listener) : clock_(clock), listener_(std::move(listener)) {}

  [[nodiscard]] bool is_due(const Resource& resource) const;
  void set_applied(const Resource& resource);
  void set_pending(const Resource& resource, Error waits_for);
  void set_failed(const Resource& resource, Error error);
  // Forgets everything that is not in `keys`.
  void keep_only(const std::set<std::string>& keys);
  // Everything is due now.
  void forgive();

  [[nodiscard]] bool has_failed(const std::string& key) const;  // failed or pending
  [[nodiscard]] std::vector<State> states() const;              // by kind and name
  // Time until the first failed one is due; nothing when none failed.
  [[nodiscard]] std::optional<std::chrono::milliseconds> until_due() const;

 private:
  struct Entry {
    State state;
    std::string hash;
    SteadyPoint due{};
  };
  void set(const Resource& resource, Status status, std::optional<Error> error);

  const Clock& clock_;
  Listener listener_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace cell::reconcile
