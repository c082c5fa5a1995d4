#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "database/database.hpp"

namespace cell::peers {

struct Link {
  std::string id;
  std::string peer_id;
  TimePoint created_at{};
  TimePoint expires_at{};
  std::optional<TimePoint> used_at{};
  std::optional<TimePoint> revoked_at{};
};

struct NewLink {
  Link link;
  Secret token;  // 256 bits as 43 characters of base64url; only its SHA-256 is kept
};

// One-time links with which a device fetches its own configuration. Thread: any.
class Links {
 public:
  static Result<std::unique_ptr<Links>> open(database::Database& database, const Clock& clock);

  // expires_in: 60 s to 30 days (field error at /expires_in); conflict when the device has 20 open ones.
  Result<NewLink> create(const std::string& peer_id, std::chrono::seconds expires_in);
  [[nodiscard]] Result<std::vector<Link>> of_peer(const std::string& peer_id) const;  // newest first
  Result<void> revoke(const std::string& peer_id, const std::string& id);  // not_found; again is fine
  Result<void> forget(const std::string& peer_id);

  // A link that can be used now; not_found alike for one that is unknown, used up, revoked or expired.
  [[nodiscard]] Result<Link> find(std::string_view token) const;
  // Uses it up: of several callers exactly one succeeds, the others get not_found.
  Result<Link> claim(std::string_view token);
  // What the link was claimed for did not happen.
  Result<void> give_back(const Link& link);

 private:
  Links(database::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  database::Database& database_;
  const Clock& clock_;
};

}  // namespace cell::peers
