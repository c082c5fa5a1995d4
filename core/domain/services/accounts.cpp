#include "domain/services/accounts.hpp"

#include <set>

#include "crypto/random.hpp"
#include "crypto/service_password.hpp"
#include "domain/settings/document.hpp"
#include "domain/settings/text.hpp"

namespace cell::services {

namespace {

constexpr std::int64_t kMaxPasswords = 64;  // of a person and service
constexpr std::size_t kPasswordBytes = 20;
constexpr std::size_t kMaxLabel = 64;

// Names that mail and other servers give a meaning of their own (RFC 2142 and the system's users).
const std::set<std::string_view>& reserved() {
  static const std::set<std::string_view> kNames{"abuse",  "admin", "all",        "hostmaster", "mail",
                                                 "nobody", "noc",   "postmaster", "root",       "security",
                                                 "system", "vmail", "webmaster",  "www",        "www-data"};
  return kNames;
}

Result<void> check_label(const std::string& label) {
  const auto points = settings::decode_utf8(label);
  const bool fits = points && !points->empty() && points->size() <= kMaxLabel &&
                    std::none_of(points->begin(), points->end(), settings::is_control) &&
                    !std::all_of(points->begin(), points->end(), settings::is_blank);
  if (fits) return {};
  return field_error("/label", "the name of the device has 1 to 64 characters and no line breaks",
                     "for example 'phone'");
}

AppPassword password_of(const database::Row& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), format_time(from_unix(row.integer(4)))};
}

constexpr const char* kColumns = "SELECT id, service, person, label, created_at FROM app_passwords ";

}  // namespace

Result<std::unique_ptr<Accounts>> Accounts::open(database::Database& database, const Clock& clock,
                                                 ListPeople people) {
  CELL_TRY(database.migrate(
      "service_accounts",
      {"CREATE TABLE service_logins(person TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE);"
       "CREATE TABLE app_passwords(id TEXT PRIMARY KEY, service TEXT NOT NULL, person TEXT NOT NULL, "
       "label TEXT NOT NULL, hash TEXT NOT NULL, created_at INTEGER NOT NULL)"}));
  return std::unique_ptr<Accounts>(new Accounts(database, clock, std::move(people)));
}

Result<std::string> Accounts::login_of(const PersonName& person) {
  const std::lock_guard lock(mutex_);
  const auto known =
      CELL_TRY(database_.query("SELECT login FROM service_logins WHERE person = ?", {person.id}));
  if (!known.empty()) return known.front().text(0);
  const std::string wanted = login_from(person.name);
  std::string login = wanted;
  for (int i = 2;; ++i) {
    const auto taken = CELL_TRY(database_.query("SELECT 1 FROM service_logins WHERE login = ?", {login}));
    if (taken.empty() && !reserved().contains(login)) break;
    login = wanted + "-" + std::to_string(i);
  }
  CELL_TRY(database_.execute("INSERT INTO service_logins(person, login) VALUES(?, ?)", {person.id, login}));
  return login;
}

Result<std::vector<Account>> Accounts::of_service(const std::string& service) {
  std::vector<Account> accounts;
  for (const PersonName& person : people_()) {
    Account account{person.id, person.name, CELL_TRY(login_of(person)), {}};
    for (const auto& row : CELL_TRY(database_.query(
             "SELECT hash FROM app_passwords WHERE service = ? AND person = ? ORDER BY created_at, id",
             {service, person.id})))
      account.password_hashes.push_back(row.text(0));
    accounts.push_back(std::move(account));
  }
  return accounts;
}

Result<std::vector<AppPassword>> Accounts::passwords(const std::string& service) {
  std::vector<AppPassword> out;
  for (const auto& row : CELL_TRY(
           database_.query(std::string(kColumns) + "WHERE service = ? ORDER BY created_at, id", {service})))
    out.push_back(password_of(row));
  return out;
}

Result<IssuedPassword> Accounts::issue(const std::string& service, const std::string& person_id,
                                       const std::string& label, const std::string& hash_kind) {
  CELL_TRY(check_label(label));
  const auto people = people_();
  const auto person =
      std::find_if(people.begin(), people.end(), [&](const PersonName& p) { return p.id == person_id; });
  if (person == people.end()) return field_error("/person_id", "there is no such person");
  const auto count = CELL_TRY(database_.query(
      "SELECT count(*) FROM app_passwords WHERE service = ? AND person = ?", {service, person_id}));
  if (count.front().integer(0) >= kMaxPasswords) {
    return Error{Code::conflict,
                 "this person has 64 app passwords for this service already",
                 "revoke those of devices that are gone",
                 {},
                 "too_many_passwords"};
  }
  IssuedPassword issued{{crypto::random_id(), service, person_id, label, format_time(clock_.now())},
                        CELL_TRY(login_of(*person)),
                        Secret(crypto::random_token(kPasswordBytes))};
  const std::string hash = CELL_TRY(crypto::hash_service_password(hash_kind, issued.password));
  CELL_TRY(database_.execute(
      "INSERT INTO app_passwords(id, service, person, label, hash, created_at) VALUES(?, ?, ?, ?, ?, ?)",
      {issued.about.id, service, person_id, label, hash, to_unix(clock_.now())}));
  return issued;
}

Result<AppPassword> Accounts::find(const std::string& service, const std::string& id) {
  const auto rows =
      CELL_TRY(database_.query(std::string(kColumns) + "WHERE service = ? AND id = ?", {service, id}));
  if (rows.empty()) return Error{Code::not_found, "there is no such app password"};
  return password_of(rows.front());
}

Result<void> Accounts::revoke(const std::string& service, const std::string& id) {
  const auto gone =
      CELL_TRY(database_.change("DELETE FROM app_passwords WHERE service = ? AND id = ?", {service, id}));
  if (gone == 0) return Error{Code::not_found, "there is no such app password"};
  return {};
}

Result<void> Accounts::forget_service(const std::string& service) {
  return database_.execute("DELETE FROM app_passwords WHERE service = ?", {service});
}

Result<bool> Accounts::forget_strangers() {
  std::set<std::string> known;
  for (const PersonName& person : people_()) known.insert(person.id);
  bool any = false;
  for (const auto& row : CELL_TRY(database_.query("SELECT DISTINCT person FROM app_passwords"))) {
    if (known.contains(row.text(0))) continue;
    CELL_TRY(database_.execute("DELETE FROM app_passwords WHERE person = ?", {row.text(0)}));
    any = true;
  }
  return any;
}

}  // namespace cell::services
