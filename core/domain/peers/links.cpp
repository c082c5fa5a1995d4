#include "domain/peers/links.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace cell::peers {

namespace {

using std::chrono::seconds;

constexpr seconds kShortest{60};
constexpr seconds kLongest{30 * 86'400};
constexpr std::int64_t kMaxOpen = 20;
constexpr std::size_t kTokenLength = 43;
constexpr std::int64_t kKeep_s = 90 * 86'400;  // after its end a link is still shown for so long
constexpr const char* kColumns =
    "SELECT id, peer_id, created_at, expires_at, used_at, revoked_at FROM enrol_links ";

const std::vector<std::string> kMigrations{
    "CREATE TABLE enrol_links (id TEXT PRIMARY KEY, peer_id TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE, "
    "created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER, revoked_at INTEGER);"
    "CREATE INDEX enrol_links_peer ON enrol_links (peer_id)"};

std::optional<TimePoint> time_of(const database::Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return from_unix(row.integer(column));
}

Link link_of(const database::Row& row) {
  return {row.text(0),     row.text(1),    from_unix(row.integer(2)), from_unix(row.integer(3)),
          time_of(row, 4), time_of(row, 5)};
}

std::string hash_of(std::string_view token) { return crypto::to_hex(crypto::sha256(token)); }

Error no_such_link() {
  return Error{Code::not_found, "this link does not work (any more)", "ask for a new one"};
}

}  // namespace

Result<std::unique_ptr<Links>> Links::open(database::Database& database, const Clock& clock) {
  CELL_TRY(database.migrate("enrol_links", kMigrations));
  return std::unique_ptr<Links>(new Links(database, clock));
}

Result<NewLink> Links::create(const std::string& peer_id, seconds expires_in) {
  if (expires_in < kShortest || expires_in > kLongest) {
    return field_error("/expires_in", "a link lives 60 seconds to 30 days", "for example 86400");
  }
  const TimePoint now = from_unix(to_unix(clock_.now()));
  NewLink made{{crypto::random_id(), peer_id, now, now + expires_in}, Secret(crypto::random_token())};
  CELL_TRY(database_.execute("DELETE FROM enrol_links WHERE expires_at < ?", {to_unix(now) - kKeep_s}));
  const auto added = CELL_TRY(database_.change(
      "INSERT INTO enrol_links (id, peer_id, token_hash, created_at, expires_at) SELECT ?, ?, ?, ?, ? WHERE "
      "(SELECT count(*) "
      "FROM enrol_links WHERE peer_id = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?) < ?",
      {made.link.id, peer_id, hash_of(made.token.reveal()), to_unix(now), to_unix(made.link.expires_at),
       peer_id, to_unix(now), kMaxOpen}));
  if (added == 1) return made;
  return Error{Code::conflict,
               "this device has 20 open links already",
               "revoke one, or wait until they expire",
               {},
               "too_many_links"};
}

Result<std::vector<Link>> Links::of_peer(const std::string& peer_id) const {
  const auto rows = CELL_TRY(
      database_.query(std::string(kColumns) + "WHERE peer_id = ? ORDER BY created_at DESC, id", {peer_id}));
  std::vector<Link> links;
  links.reserve(rows.size());
  for (const database::Row& row : rows) links.push_back(link_of(row));
  return links;
}

Result<void> Links::revoke(const std::string& peer_id, const std::string& id) {
  const auto changed = CELL_TRY(database_.change(
      "UPDATE enrol_links SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? AND peer_id = ?",
      {to_unix(clock_.now()), id, peer_id}));
  if (changed == 1) return {};
  return Error{Code::not_found, "there is no such link"};
}

Result<void> Links::forget(const std::string& peer_id) {
  return database_.execute("DELETE FROM enrol_links WHERE peer_id = ?", {peer_id});
}

Result<Link> Links::find(std::string_view token) const {
  if (token.size() != kTokenLength) return no_such_link();
  const auto rows = CELL_TRY(database_.query(
      std::string(kColumns) +
          "WHERE token_hash = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?",
      {hash_of(token), to_unix(clock_.now())}));
  if (rows.empty()) return no_such_link();
  return link_of(rows.front());
}

Result<Link> Links::claim(std::string_view token) {
  Link link = CELL_TRY(find(token));
  const std::int64_t now = to_unix(clock_.now());
  const auto changed =
      CELL_TRY(database_.change("UPDATE enrol_links SET used_at = ? WHERE id = ? AND used_at IS NULL AND "
                                "revoked_at IS NULL AND expires_at > ?",
                                {now, link.id, now}));
  if (changed != 1) return no_such_link();
  link.used_at = from_unix(now);
  return link;
}

Result<void> Links::give_back(const Link& link) {
  return database_.execute("UPDATE enrol_links SET used_at = NULL WHERE id = ?", {link.id});
}

}  // namespace cell::peers
