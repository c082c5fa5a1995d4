#include "domain/identity/sessions.hpp"

#include <algorithm>
#include <mutex>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace cell::identity {

namespace {

constexpr std::size_t kMaxPerUser = 10;
constexpr std::int64_t kWriteEvery_s = 30;
constexpr std::size_t kMaxUserAgent = 256;
constexpr std::size_t kTokenLength = 43;  // 32 bytes as base64url

const std::vector<std::string> kMigrations{
    "CREATE TABLE sessions (id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL, "
    "created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, "
    "address TEXT NOT NULL, user_agent TEXT NOT NULL)"};

// What a browser says of itself, without what would break a line.
std::string clean(std::string_view text) {
  std::string result(text.substr(0, kMaxUserAgent));
  std::erase_if(result, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F;
  });
  return result;
}

}  // namespace

std::string csrf_token_of(std::string_view session_token) {
  return crypto::to_base64url(crypto::hmac_sha256(session_token, "cell csrf token, version 1"));
}

Sessions::Sessions(database::Database& database, const Clock& clock, Limits limits, Ended ended,
                   log::Logger log)
    : database_(database),
      clock_(clock),
      limits_(std::move(limits)),
      ended_(std::move(ended)),
      log_(std::move(log)) {}

Result<std::unique_ptr<Sessions>> Sessions::open(database::Database& database, const Clock& clock,
                                                 Limits limits, Ended ended, log::Logger log) {
  CELL_TRY(database.migrate("sessions", kMigrations));
  std::unique_ptr<Sessions> sessions(
      new Sessions(database, clock, std::move(limits), std::move(ended), std::move(log)));
  CELL_TRY(sessions->load());
  return sessions;
}

Result<void> Sessions::load() {
  const auto rows =
      CELL_TRY(database_.query("SELECT id, token_hash, user_id, created_at, last_seen_at, expires_at, "
                               "address, user_agent FROM sessions"));
  for (const database::Row& row : rows) {
    auto entry = std::make_shared<Entry>();
    entry->hash = CELL_TRY(crypto::from_base64(row.text(1)));
    entry->session = {row.text(0), row.text(2), from_unix(row.integer(3)), {}, from_unix(row.integer(5)), {},
                      row.text(6), row.text(7)};
    entry->seen = row.integer(4);
    entry->written = row.integer(4);
    by_hash_.emplace(entry->hash, std::move(entry));
  }
  sweep();
  return {};
}

bool Sessions::is_expired(const Entry& entry, std::int64_t now, std::int64_t idle_s) {
  return now >= to_unix(entry.session.expires_at) || now >= entry.seen + idle_s;
}

Session Sessions::view(const Entry& entry, std::int64_t idle_s) {
  Session session = entry.session;
  session.last_seen_at = from_unix(entry.seen);
  session.idle_expires_at = std::min(from_unix(entry.seen + idle_s), session.expires_at);
  return session;
}

std::vector<Sessions::EntryPtr> Sessions::entries_if(const std::function<bool(const Entry&)>& wanted) const {
  std::vector<EntryPtr> entries;
  const std::shared_lock lock(mutex_);
  for (const auto& [hash, entry] : by_hash_) {
    if (wanted(*entry)) entries.push_back(entry);
  }
  return entries;
}

Result<IssuedSession> Sessions::create(const std::string& user_id, const Origin& origin) {
  Secret token(crypto::random_token());
  const TimePoint now = from_unix(to_unix(clock_.now()));
  auto entry = std::make_shared<Entry>();
  entry->hash = crypto::sha256(token.reveal());
  entry->session = {crypto::random_id(),
                    user_id,
                    now,
                    {},
                    now + std::chrono::seconds(limits_().absolute_s),
                    {},
                    clean(origin.address),
                    clean(origin.user_agent)};
  entry->seen = to_unix(now);
  entry->written = to_unix(now);
  CELL_TRY(database_.execute(
      "INSERT INTO sessions (id, token_hash, user_id, created_at, last_seen_at, expires_at, address, "
      "user_agent) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {entry->session.id, crypto::to_base64(entry->hash), user_id, to_unix(now), to_unix(now),
       to_unix(entry->session.expires_at), entry->session.address, entry->session.user_agent}));
  {
    const std::unique_lock lock(mutex_);
    by_hash_.emplace(entry->hash, entry);
  }
  auto theirs = entries_if(
      [&](const Entry& other) { return other.session.user_id == user_id && &other != entry.get(); });
  std::sort(theirs.begin(), theirs.end(), [](const EntryPtr& a, const EntryPtr& b) {
    return a->session.created_at > b->session.created_at;
  });
  if (theirs.size() >= kMaxPerUser) {
    theirs.erase(theirs.begin(), theirs.begin() + static_cast<std::ptrdiff_t>(kMaxPerUser - 1));
    CELL_TRY(end(theirs));
  }
  return IssuedSession{view(*entry, limits_().idle_s), std::move(token)};
}

std::optional<Session> Sessions::find(std::string_view token) {
  if (token.size() != kTokenLength) return std::nullopt;
  const std::string hash = crypto::sha256(token);
  EntryPtr entry;
  {
    const std::shared_lock lock(mutex_);
    const auto found = by_hash_.find(hash);
    if (found == by_hash_.end()) return std::nullopt;
    entry = found->second;
  }
  const std::int64_t now = to_unix(clock_.now());
  const std::int64_t idle_s = limits_().idle_s;
  if (is_expired(*entry, now, idle_s)) return std::nullopt;
  touch(*entry, now);
  return view(*entry, idle_s);
}

void Sessions::touch(Entry& entry, std::int64_t now) {
  if (entry.seen.load(std::memory_order_relaxed) < now) entry.seen.store(now, std::memory_order_relaxed);
  std::int64_t written = entry.written;
  if (now - written < kWriteEvery_s || !entry.written.compare_exchange_strong(written, now)) return;
  const auto stored =
      database_.execute("UPDATE sessions SET last_seen_at = ? WHERE id = ?", {now, entry.session.id});
  if (!stored)
    log_.warn("last use of a session was not stored, the session goes on",
              {{"reason", stored.error().message}});
}

std::vector<Session> Sessions::of_user(const std::string& user_id) const {
  const std::int64_t now = to_unix(clock_.now());
  const std::int64_t idle_s = limits_().idle_s;
  std::vector<Session> sessions;
  for (const EntryPtr& entry : entries_if([&](const Entry& e) { return e.session.user_id == user_id; })) {
    if (!is_expired(*entry, now, idle_s)) sessions.push_back(view(*entry, idle_s));
  }
  std::sort(sessions.begin(), sessions.end(), [](const Session& a, const Session& b) {
    return a.last_seen_at != b.last_seen_at ? a.last_seen_at > b.last_seen_at : a.id < b.id;
  });
  return sessions;
}

Result<void> Sessions::end(const std::vector<EntryPtr>& entries) {
  for (const EntryPtr& entry : entries) {
    // Memory first: a disk that refuses must not keep a revoked session alive in this process.
    {
      const std::unique_lock lock(mutex_);
      by_hash_.erase(entry->hash);
    }
    if (ended_) ended_(entry->session.id);
    CELL_TRY(database_.execute("DELETE FROM sessions WHERE id = ?", {entry->session.id}));
  }
  return {};
}

Result<void> Sessions::revoke(const std::string& user_id, const std::string& id) {
  const auto found =
      entries_if([&](const Entry& e) { return e.session.id == id && e.session.user_id == user_id; });
  if (found.empty()) return Error{Code::not_found, "there is no such session"};
  return end(found);
}

Result<void> Sessions::revoke_all(const std::string& user_id, const std::string& except_id) {
  return end(
      entries_if([&](const Entry& e) { return e.session.user_id == user_id && e.session.id != except_id; }));
}

void Sessions::sweep() {
  const std::int64_t now = to_unix(clock_.now());
  const std::int64_t idle_s = limits_().idle_s;
  const auto ended = end(entries_if([&](const Entry& entry) { return is_expired(entry, now, idle_s); }));
  if (!ended) log_.warn("expired sessions were not deleted, will retry", {{"reason", ended.error().message}});
}

}  // namespace cell::identity
