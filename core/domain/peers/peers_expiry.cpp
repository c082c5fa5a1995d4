#include "domain/peers/peers.hpp"

namespace cell::peers {

// Those whose time came since the last look; sets when the next one's comes. expiry_ is held.
std::vector<std::string> Peers::find_ended(const Json& root, TimePoint now) {
  std::vector<std::string> ended;
  next_expiry_ = std::nullopt;
  for (const auto& [id, entry] : json_member(root, "peers").items()) {
    if (!entry.contains("expires_at") || !json_bool(entry, "enabled")) continue;
    const auto expires_at = parse_time(json_string(entry, "expires_at"));
    if (!expires_at) continue;
    if (*expires_at > now) {
      if (!next_expiry_ || *expires_at < *next_expiry_) next_expiry_ = *expires_at;
    } else if (*expires_at > last_expiry_check_) {
      ended.push_back(id);
    }
  }
  return ended;
}

std::optional<TimePoint> Peers::expire_due() {
  const auto snapshot = configuration();
  const TimePoint now = parts_.clock.now();
  std::vector<std::string> ended;
  std::optional<TimePoint> next;
  {
    const std::lock_guard lock(expiry_);
    const bool is_due = snapshot->revision != expiry_revision_ || (next_expiry_ && *next_expiry_ <= now);
    if (is_due) ended = find_ended(snapshot->root, now);
    expiry_revision_ = snapshot->revision;
    last_expiry_check_ = now;
    next = next_expiry_;
  }
  if (ended.empty()) return next;
  {
    // The revision is one that the hub may have already; the time is not.
    const std::lock_guard lock(applying_);
    brought_revision_ = 0;
  }
  bring(snapshot->revision);
  for (const std::string& id : ended) {
    const auto peer = find(id);
    announce(id, {peer ? peer->owner_id : std::string()});
  }
  return next;
}

}  // namespace cell::peers
