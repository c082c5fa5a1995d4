#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "config/sealed.hpp"
#include "config/store.hpp"
#include "domain/identity/hasher.hpp"

namespace cell::identity {

struct Person {
  std::string id;
  std::string name;
  bool is_admin = false;
  std::string created_at;  // RFC 3339
  std::string password_changed_at;
};

struct NewPerson {
  std::string name;
  bool is_admin = false;
  Secret password;
};

struct PersonChange {
  std::optional<std::string> name{};
  std::optional<bool> is_admin{};
  std::optional<Secret> password{};
};

// A person whose password is stored but who is not in the configuration yet.
struct PreparedPerson {
  std::string id;
  Json entry;  // member `id` of section `people`
};

// The people of the cell: section `people` of the configuration; password hashes are sealed as
// `identity/password/<id>`. Names are unique without regard to ASCII case. There is always an administrator
// once there was one. Thread: any.
class People {
 public:
  People(config::Store& config, config::SealedStore& sealed, Hasher& hasher, const Clock& clock);

  [[nodiscard]] std::vector<Person> list() const;                  // by name
  [[nodiscard]] Result<Person> find(const std::string& id) const;  // not_found
  [[nodiscard]] std::optional<Person> find_by_name(std::string_view name) const;

  // Field errors point to /name and /password below `pointer`.
  [[nodiscard]] Result<void> check(const NewPerson& person, const std::string& cell_name,
                                   const std::string& pointer) const;
  // Stores the password's hash for an entry that the caller commits together with something else; discard()
  // takes it back.
  Result<PreparedPerson> prepare(const NewPerson& person);
  void discard(const std::string& id);

  Result<Person> create(const NewPerson& person, const config::CommitOptions& options);
  Result<Person> change(const std::string& id, const PersonChange& change,
                        const config::CommitOptions& options);
  // Peers that were theirs stay, without an owner.
  Result<void> remove(const std::string& id, const config::CommitOptions& options);

  // unauthenticated (reason credentials_invalid) alike for an unknown name and a wrong password, after the
  // same work.
  Result<Person> verify(std::string_view name, const Secret& password);

 private:
  [[nodiscard]] std::string cell_name() const;
  Result<void> store_password(const std::string& id, const Secret& password);
  Result<Person> change_with_password(const std::string& id, const PersonChange& change,
                                      const config::CommitOptions& options);
  Result<Person> commit_change(const std::string& id, const PersonChange& change,
                               const config::CommitOptions& options);

  config::Store& config_;
  config::SealedStore& sealed_;
  Hasher& hasher_;
  const Clock& clock_;
};

}  // namespace cell::identity
