#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "database/database.hpp"
#include "domain/settings/document.hpp"

namespace cell::identity {

struct Session {
  std::string id;
  std::string user_id;
  TimePoint created_at{};
  TimePoint last_seen_at{};
  TimePoint expires_at{};       // absolute
  TimePoint idle_expires_at{};  // if nothing more comes
  std::string address;
  std::string user_agent;
};

struct IssuedSession {
  Session session;
  Secret token;  // 256 random bits as base64url; only its SHA-256 is kept
};

// Where a session comes from, for the list that people see.
struct Origin {
  std::string address;
  std::string user_agent;
};

// Log-in sessions: table in SQLite, and all of them in memory, so that a look-up is one SHA-256 and one hash
// table access under a shared lock. A person has at most ten; the oldest goes first. Thread: any.
class Sessions {
 public:
  using Limits = std::function<settings::SessionLimits()>;
  using Ended = std::function<void(const std::string& session_id)>;

  // `ended` is told of every session that ends, from the ending thread and without a lock held.
  static Result<std::unique_ptr<Sessions>> open(database::Database& database, const Clock& clock,
                                                Limits limits, Ended ended, log::Logger log);

  Result<IssuedSession> create(const std::string& user_id, const Origin& origin);
  // The session of a token, which counts as seen now; nothing when unknown or expired. "Last seen" is written
  // every 30 s.
  std::optional<Session> find(std::string_view token);
  [[nodiscard]] std::vector<Session> of_user(const std::string& user_id) const;  // last seen first
  Result<void> revoke(const std::string& user_id, const std::string& id);  // not_found when it is not theirs
  Result<void> revoke_all(const std::string& user_id, const std::string& except_id = {});
  // Ends what has expired; to be called every few seconds so that event streams end too.
  void sweep();

 private:
  struct Entry {
    Session session;
    std::string hash;                      // 32 bytes
    std::atomic<std::int64_t> seen{0};     // unix seconds
    std::atomic<std::int64_t> written{0};  // value of `seen` in the database
  };
  using EntryPtr = std::shared_ptr<Entry>;

  Sessions(database::Database& database, const Clock& clock, Limits limits, Ended ended, log::Logger log);
  Result<void> load();
  Result<void> end(const std::vector<EntryPtr>& entries);
  static bool is_expired(const Entry& entry, std::int64_t now, std::int64_t idle_s);
  static Session view(const Entry& entry, std::int64_t idle_s);
  [[nodiscard]] std::vector<EntryPtr> entries_if(const std::function<bool(const Entry&)>& wanted) const;
  void touch(Entry& entry, std::int64_t now);

  database::Database& database_;
  const Clock& clock_;
  Limits limits_;
  Ended ended_;
  log::Logger log_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, EntryPtr> by_hash_;
};

// The CSRF token that belongs to a session: derived from its token, so that it needs no storage and can't be
// had without the cookie.
std::string csrf_token_of(std::string_view session_token);

}  // namespace cell::identity
