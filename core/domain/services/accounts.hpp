#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "database/database.hpp"

namespace cell::services {

// Who lives in the cell, as the composition root knows it.
struct PersonName {
  std::string id;
  std::string name;
};
using ListPeople = std::function<std::vector<PersonName>()>;

struct Account {
  std::string person_id;
  std::string name;
  std::string login;  // "ada"
  std::vector<std::string> password_hashes;
};

struct AppPassword {
  std::string id;
  std::string service;
  std::string person_id;
  std::string label;  // of the device
  std::string created_at;
};

struct IssuedPassword {
  AppPassword about;
  std::string login;
  Secret password;  // 160 random bits; only its hash is kept
};

// The accounts that people have in services: a login each, the same in all of them and kept for good, and
// passwords for single devices. In the database. Thread: any.
class Accounts {
 public:
  static Result<std::unique_ptr<Accounts>> open(database::Database& database, const Clock& clock,
                                                ListPeople people);

  // Everybody who lives here, by name; makes logins that are missing.
  Result<std::vector<Account>> of_service(const std::string& service);
  Result<std::vector<AppPassword>> passwords(const std::string& service);
  // `hash_kind` as in the manifest. Errors: field errors at /label and /person_id; conflict
  // (too_many_passwords).
  Result<IssuedPassword> issue(const std::string& service, const std::string& person_id,
                               const std::string& label, const std::string& hash_kind);
  [[nodiscard]] Result<AppPassword> find(const std::string& service, const std::string& id);  // not_found
  Result<void> revoke(const std::string& service, const std::string& id);                     // not_found
  Result<void> forget_service(const std::string& service);
  // Those of people who are gone. True: there were some.
  Result<bool> forget_strangers();

 private:
  Accounts(database::Database& database, const Clock& clock, ListPeople people)
      : database_(database), clock_(clock), people_(std::move(people)) {}
  Result<std::string> login_of(const PersonName& person);

  database::Database& database_;
  const Clock& clock_;
  ListPeople people_;
  std::mutex mutex_;  // logins are given out one at a time
};

// "Ada Löwe" → "ada-lowe"; "person" where no letter is left. Pure.
std::string login_from(const std::string& name);

}  // namespace cell::services
