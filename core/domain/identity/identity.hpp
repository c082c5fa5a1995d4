#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "domain/identity/audit.hpp"
#include "domain/identity/people.hpp"
#include "domain/identity/sessions.hpp"
#include "domain/identity/throttle.hpp"
#include "domain/identity/tokens.hpp"

namespace cell::identity {

struct Login {
  Person person;
  Session session;
  Secret token;  // for the cookie
};

// Who a request comes from.
struct Caller {
  Person person;
  std::optional<Session> session{};  // one of the two
  std::optional<Token> token{};
};

// People, their sessions and tokens, and the acts that touch several of these. Thread: any.
class Identity {
 public:
  struct Parts {
    config::Store& config;
    config::SealedStore& sealed;
    database::Database& database;
    const Clock& clock;
    log::Logger log;
    HashFunctions hash{};
    Sessions::Ended session_ended{};  // closes that session's event streams
  };
  static Result<std::unique_ptr<Identity>> open(Parts parts);

  People& people() { return people_; }
  Sessions& sessions() { return *sessions_; }
  Tokens& tokens() { return *tokens_; }
  Audit& audit() { return *audit_; }
  [[nodiscard]] config::Snapshot configuration() const { return config_.snapshot(); }

  // unauthenticated (credentials_invalid) or rate_limited. A name that does not exist costs the same time.
  Result<Login> log_in(const std::string& name, const Secret& password, const Origin& origin);
  // For somebody who has proven who they are in another way: the one who has just set the cell up.
  Result<Login> start_session(const std::string& person_id, const Origin& origin);
  Result<Caller> by_session(std::string_view session_token);
  Result<Caller> by_token(std::string_view text, std::string_view address);

  // Ends all other sessions of theirs.
  Result<void> change_password(const Caller& caller, const Secret& current, const Secret& wanted,
                               const Origin& origin);
  // An administrator changes a person; a new password or role ends their sessions except `keep_session`.
  Result<Person> change_person(const std::string& id, const PersonChange& change,
                               const config::CommitOptions& options, const std::string& keep_session);
  Result<void> remove_person(const std::string& id, const config::CommitOptions& options);

  // Gives the first administrator (or the one of that name) a new random password, ends their sessions and
  // answers it.
  Result<Secret> reset_admin_password(const std::string& name = {});
  // A password that was made by the cell, while it is unchanged: kept sealed, for `show-admin-password`.
  [[nodiscard]] Result<Secret> generated_admin_password() const;  // gone once it was changed
  Result<void> remember_generated_password(const std::string& person_id, const Secret& password);

 private:
  explicit Identity(Parts& parts);
  Result<void> forget_generated_password(const std::string& person_id);

  config::Store& config_;
  config::SealedStore& sealed_;
  log::Logger log_;
  Hasher hasher_;
  Throttle throttle_;
  People people_;
  std::unique_ptr<Sessions> sessions_;
  std::unique_ptr<Tokens> tokens_;
  std::unique_ptr<Audit> audit_;
};

}  // namespace cell::identity
