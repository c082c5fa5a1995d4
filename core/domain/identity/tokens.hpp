#pragma once

#include <atomic>
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
#include "wireguard/address.hpp"

namespace cell::identity {

struct Token {
  std::string id;
  std::string user_id;
  std::string name;
  std::vector<std::string> scopes;  // "peers:read", "peers:write", "*"
  bool read_only = false;
  std::vector<std::string> allowed_sources;  // CIDR; empty: from anywhere
  std::optional<TimePoint> expires_at{};
  TimePoint created_at{};
  std::optional<TimePoint> last_used_at{};
  std::string prefix;  // first characters, to recognise it by
};

struct NewToken {
  std::string name;
  std::vector<std::string> scopes;
  bool read_only = false;
  std::vector<std::string> allowed_sources{};
  std::optional<TimePoint> expires_at{};
};

struct IssuedToken {
  Token token;
  Secret text;  // "cell_" and 43 characters of base64url; shown once, only its SHA-256 is kept
};

// API tokens for `Authorization: Bearer`. A token acts for the person who made it, narrowed by scopes,
// read-only flag, source ranges and expiry. Thread: any.
class Tokens {
 public:
  static Result<std::unique_ptr<Tokens>> open(database::Database& database, const Clock& clock,
                                              log::Logger log);

  // Field errors point to /name, /scopes/0, /allowed_sources/0, /expires_at. `known_tags`: what a scope may
  // begin with.
  Result<IssuedToken> create(const std::string& user_id, const NewToken& wanted,
                             const std::vector<std::string>& known_tags);
  // Nothing when unknown, expired or used from an address that is not allowed.
  std::optional<Token> find(std::string_view text, std::string_view address);
  // Whether a token that find() once answered would still be, but for where it is used from.
  [[nodiscard]] bool is_valid(const std::string& user_id, const std::string& id) const;
  [[nodiscard]] std::vector<Token> of_user(const std::string& user_id) const;  // newest first
  Result<void> revoke(const std::string& user_id, const std::string& id);  // not_found when it is not theirs
  Result<void> revoke_all(const std::string& user_id);

 private:
  struct Entry {
    Token token;
    std::string hash;
    std::vector<wireguard::Subnet> sources;
    std::atomic<std::int64_t> used{0};
  };
  using EntryPtr = std::shared_ptr<Entry>;

  Tokens(database::Database& database, const Clock& clock, log::Logger log);
  Result<void> load();
  Result<void> insert(const Entry& entry);
  void touch(Entry& entry, std::int64_t now);

  database::Database& database_;
  const Clock& clock_;
  log::Logger log_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, EntryPtr> by_hash_;
};

}  // namespace cell::identity
