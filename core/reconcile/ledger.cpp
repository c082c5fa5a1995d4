#include "reconcile/ledger.hpp"

#include <algorithm>

namespace cell::reconcile {

namespace {

constexpr std::chrono::milliseconds kFirstWait{1'000};
constexpr std::chrono::milliseconds kLongestWait{300'000};

std::chrono::milliseconds wait_after(int attempt) {
  return std::min(kFirstWait * (std::int64_t{1} << std::clamp(attempt - 1, 0, 20)), kLongestWait);
}

bool same_error(const std::optional<Error>& left, const std::optional<Error>& right) {
  return left.has_value() == right.has_value() &&
         (!left || (left->code == right->code && left->message == right->message));
}

}  // namespace

std::string_view to_string(Status status) noexcept {
  switch (status) {
    case Status::applied:
      return "applied";
    case Status::pending:
      return "pending";
    case Status::failed:
      return "failed";
  }
  return "pending";
}

bool Ledger::is_due(const Resource& resource) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(resource.key());
  if (found == entries_.end() || found->second.state.status != Status::failed) return true;
  return found->second.hash != resource.hash || clock_.steady() >= found->second.due;
}

void Ledger::set_applied(const Resource& resource) { set(resource, Status::applied, std::nullopt); }
void Ledger::set_pending(const Resource& resource, Error waits_for) {
  set(resource, Status::pending, std::move(waits_for));
}
void Ledger::set_failed(const Resource& resource, Error error) {
  set(resource, Status::failed, std::move(error));
}

void Ledger::set(const Resource& resource, Status status, std::optional<Error> error) {
  std::optional<State> changed;
  {
    const std::lock_guard lock(mutex_);
    auto [found, is_new] = entries_.try_emplace(resource.key());
    Entry& entry = found->second;
    if (is_new || entry.state.status != status) entry.state.since = clock_.now();
    const bool differs = is_new || entry.state.status != status || !same_error(entry.state.error, error);
    const bool other_wish = entry.hash != resource.hash;
    entry.hash = resource.hash;
    entry.state.owner = resource.owner;
    entry.state.kind = resource.kind;
    entry.state.name = resource.name;
    entry.state.status = status;
    entry.state.error = std::move(error);
    if (status == Status::applied || other_wish) entry.state.attempt = 0;
    if (status == Status::failed) {
      ++entry.state.attempt;
      entry.due = clock_.steady() + wait_after(entry.state.attempt);
    }
    if (differs) changed = entry.state;
  }
  if (changed && listener_) listener_(*changed);
}

void Ledger::keep_only(const std::set<std::string>& keys) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const auto& entry) { return !keys.contains(entry.first); });
}

void Ledger::forgive() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, entry] : entries_) entry.due = SteadyPoint::min();
}

bool Ledger::has_failed(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  return found != entries_.end() && found->second.state.status != Status::applied;
}

std::vector<State> Ledger::states() const {
  const std::lock_guard lock(mutex_);
  std::vector<State> out;
  for (const auto& [key, entry] : entries_) out.push_back(entry.state);
  return out;
}

std::optional<std::chrono::milliseconds> Ledger::until_due() const {
  const std::lock_guard lock(mutex_);
  std::optional<SteadyPoint> first;
  for (const auto& [key, entry] : entries_) {
    if (entry.state.status == Status::failed && (!first || entry.due < *first)) first = entry.due;
  }
  if (!first) return std::nullopt;
  const SteadyPoint now = clock_.steady();
  return *first <= now ? std::chrono::milliseconds{0}
                       : std::chrono::ceil<std::chrono::milliseconds>(*first - now);
}

}  // namespace cell::reconcile
