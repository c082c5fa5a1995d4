#include "domain/identity/tokens.hpp"

#include <algorithm>
#include <mutex>

#include "base/json.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "domain/identity/source.hpp"
#include "domain/settings/document.hpp"

namespace cell::identity {

namespace {

constexpr std::string_view kPrefix = "cell_";
constexpr std::size_t kTextLength = 5 + 43;
constexpr std::size_t kShownLength = 9;  // of the text, 24 of its 256 bits
constexpr std::size_t kMaxPerUser = 50;
constexpr std::int64_t kWriteEvery_s = 30;

const std::vector<std::string> kMigrations{
    "CREATE TABLE api_tokens (id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL, "
    "name TEXT NOT NULL, scopes TEXT NOT NULL, read_only INTEGER NOT NULL, allowed_sources TEXT NOT NULL, "
    "expires_at INTEGER, created_at INTEGER NOT NULL, last_used_at INTEGER, prefix TEXT NOT NULL)"};

Result<void> check_scopes(const std::vector<std::string>& scopes,
                          const std::vector<std::string>& known_tags) {
  if (scopes.empty())
    return field_error("/scopes", "a token has at least one scope", "'*' stands for everything");
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    const std::string& scope = scopes[i];
    const std::size_t colon = scope.find(':');
    const std::string right = colon == std::string::npos ? "" : scope.substr(colon + 1);
    const bool is_known =
        std::find(known_tags.begin(), known_tags.end(), scope.substr(0, colon)) != known_tags.end();
    if (scope == "*" || (is_known && (right == "read" || right == "write"))) continue;
    return field_error("/scopes/" + std::to_string(i), "this scope is not known",
                       "for example 'peers:read', or '*'");
  }
  return {};
}

Result<std::vector<wireguard::Subnet>> parse_sources(const std::vector<std::string>& sources) {
  std::vector<wireguard::Subnet> parsed;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    auto subnet = wireguard::parse_subnet(sources[i]);
    if (!subnet)
      return field_error("/allowed_sources/" + std::to_string(i), subnet.error().message,
                         "for example 192.168.1.0/24");
    parsed.push_back(*subnet);
  }
  return parsed;
}

std::vector<std::string> strings_of(const std::string& text) {
  auto parsed = parse_json(text);
  std::vector<std::string> strings;
  if (!parsed || !parsed->is_array()) return strings;
  for (const Json& item : *parsed) {
    if (item.is_string()) strings.push_back(item.get<std::string>());
  }
  return strings;
}

database::Value nullable(const std::optional<TimePoint>& time) {
  if (!time) return nullptr;
  return to_unix(*time);
}

}  // namespace

Tokens::Tokens(database::Database& database, const Clock& clock, log::Logger log)
    : database_(database), clock_(clock), log_(std::move(log)) {}

Result<std::unique_ptr<Tokens>> Tokens::open(database::Database& database, const Clock& clock,
                                             log::Logger log) {
  CELL_TRY(database.migrate("api_tokens", kMigrations));
  std::unique_ptr<Tokens> tokens(new Tokens(database, clock, std::move(log)));
  CELL_TRY(tokens->load());
  return tokens;
}

Result<void> Tokens::load() {
  const auto rows =
      CELL_TRY(database_.query("SELECT id, token_hash, user_id, name, scopes, read_only, allowed_sources, "
                               "expires_at, created_at, last_used_at, "
                               "prefix FROM api_tokens"));
  for (const database::Row& row : rows) {
    auto entry = std::make_shared<Entry>();
    entry->hash = row.text(1);
    entry->used = row.integer(9);
    entry->token = {row.text(0),
                    row.text(2),
                    row.text(3),
                    strings_of(row.text(4)),
                    row.integer(5) != 0,
                    strings_of(row.text(6)),
                    {},
                    from_unix(row.integer(8)),
                    {},
                    row.text(10)};
    if (!row.is_null(7)) entry->token.expires_at = from_unix(row.integer(7));
    // A range that can't be read must not become "from anywhere".
    entry->sources =
        CELL_TRY_DOING(parse_sources(entry->token.allowed_sources), "token '" + entry->token.id + "'");
    by_hash_.emplace(entry->hash, std::move(entry));
  }
  return {};
}

Result<void> Tokens::insert(const Entry& entry) {
  const Token& token = entry.token;
  return database_.execute(
      "INSERT INTO api_tokens (id, token_hash, user_id, name, scopes, read_only, allowed_sources, "
      "expires_at, created_at, "
      "last_used_at, prefix) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
      {token.id, entry.hash, token.user_id, token.name, dump_json(token.scopes),
       std::int64_t{token.read_only}, dump_json(token.allowed_sources), nullable(token.expires_at),
       to_unix(token.created_at), token.prefix});
}

Result<IssuedToken> Tokens::create(const std::string& user_id, const NewToken& wanted,
                                   const std::vector<std::string>& known_tags) {
  CELL_TRY(settings::check_display_name(wanted.name, "/name"));
  CELL_TRY(check_scopes(wanted.scopes, known_tags));
  const TimePoint now = from_unix(to_unix(clock_.now()));
  if (wanted.expires_at && *wanted.expires_at <= now)
    return field_error("/expires_at", "this time has passed");
  if (of_user(user_id).size() >= kMaxPerUser) {
    return Error{Code::conflict,
                 "there are 50 tokens already",
                 "revoke one that is not used any more",
                 {},
                 "too_many_tokens"};
  }
  auto entry = std::make_shared<Entry>();
  entry->sources = CELL_TRY(parse_sources(wanted.allowed_sources));
  Secret text(std::string(kPrefix) + crypto::random_token());
  entry->hash = crypto::to_hex(crypto::sha256(text.reveal()));
  entry->token = {crypto::random_id(),
                  user_id,
                  wanted.name,
                  wanted.scopes,
                  wanted.read_only,
                  wanted.allowed_sources,
                  wanted.expires_at,
                  now,
                  {},
                  std::string(text.reveal().substr(0, kShownLength))};
  CELL_TRY(insert(*entry));
  const std::unique_lock lock(mutex_);
  by_hash_.emplace(entry->hash, entry);
  return IssuedToken{entry->token, std::move(text)};
}

std::optional<Token> Tokens::find(std::string_view text, std::string_view address) {
  if (text.size() != kTextLength || !text.starts_with(kPrefix)) return std::nullopt;
  const std::string hash = crypto::to_hex(crypto::sha256(text));
  EntryPtr entry;
  {
    const std::shared_lock lock(mutex_);
    const auto found = by_hash_.find(hash);
    if (found == by_hash_.end()) return std::nullopt;
    entry = found->second;
  }
  const std::int64_t now = to_unix(clock_.now());
  if (entry->token.expires_at && now >= to_unix(*entry->token.expires_at)) return std::nullopt;
  if (!entry->sources.empty()) {
    const auto client = client_address(address);
    const auto covers = [&](const wireguard::Subnet& subnet) { return wireguard::contains(subnet, *client); };
    if (!client || std::none_of(entry->sources.begin(), entry->sources.end(), covers)) return std::nullopt;
  }
  touch(*entry, now);
  return entry->token;
}

bool Tokens::is_valid(const std::string& user_id, const std::string& id) const {
  const TimePoint now = clock_.now();
  const std::shared_lock lock(mutex_);
  return std::any_of(by_hash_.begin(), by_hash_.end(), [&](const auto& item) {
    const Token& token = item.second->token;
    return token.id == id && token.user_id == user_id && (!token.expires_at || *token.expires_at > now);
  });
}

void Tokens::touch(Entry& entry, std::int64_t now) {
  std::int64_t used = entry.used;
  if (now - used < kWriteEvery_s || !entry.used.compare_exchange_strong(used, now)) return;
  const auto stored =
      database_.execute("UPDATE api_tokens SET last_used_at = ? WHERE id = ?", {now, entry.token.id});
  if (!stored)
    log_.warn("last use of a token was not stored, the token goes on", {{"reason", stored.error().message}});
}

std::vector<Token> Tokens::of_user(const std::string& user_id) const {
  std::vector<Token> tokens;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [hash, entry] : by_hash_) {
      if (entry->token.user_id != user_id) continue;
      tokens.push_back(entry->token);
      if (entry->used != 0) tokens.back().last_used_at = from_unix(entry->used);
    }
  }
  std::sort(tokens.begin(), tokens.end(), [](const Token& a, const Token& b) {
    return a.created_at != b.created_at ? a.created_at > b.created_at : a.id < b.id;
  });
  return tokens;
}

Result<void> Tokens::revoke(const std::string& user_id, const std::string& id) {
  std::size_t erased = 0;
  {
    const std::unique_lock lock(mutex_);
    erased = std::erase_if(by_hash_, [&](const auto& item) {
      return item.second->token.id == id && item.second->token.user_id == user_id;
    });
  }
  if (erased == 0) return Error{Code::not_found, "there is no such token"};
  return database_.execute("DELETE FROM api_tokens WHERE id = ? AND user_id = ?", {id, user_id});
}

Result<void> Tokens::revoke_all(const std::string& user_id) {
  {
    const std::unique_lock lock(mutex_);
    std::erase_if(by_hash_, [&](const auto& item) { return item.second->token.user_id == user_id; });
  }
  return database_.execute("DELETE FROM api_tokens WHERE user_id = ?", {user_id});
}

}  // namespace cell::identity
