#include "domain/identity/identity.hpp"

#include <algorithm>

#include "domain/identity/password_rules.hpp"

namespace cell::identity {

namespace {

// Text "<person id> <password>".
constexpr const char* kGenerated = "identity/generated-admin-password";

Error log_in_first() { return Error{Code::unauthenticated, "there is no valid session", "log in"}; }

// Runs one attempt to prove a password under the throttle.
Result<Person> attempt(Throttle& throttle, People& people, const std::string& name, const Secret& password,
                       const Origin& origin) {
  CELL_TRY(throttle.admit(name, origin.address));
  auto person = people.verify(name, password);
  if (person)
    throttle.succeeded(name, origin.address);
  else if (person.error().code != Code::unauthenticated)
    throttle.withdrawn(name, origin.address);
  return person;
}

}  // namespace

Identity::Identity(Parts& parts)
    : config_(parts.config),
      sealed_(parts.sealed),
      log_(parts.log),
      hasher_(std::move(parts.hash)),
      throttle_(parts.clock),
      people_(parts.config, parts.sealed, hasher_, parts.clock) {}

Result<std::unique_ptr<Identity>> Identity::open(Parts parts) {
  std::unique_ptr<Identity> identity(new Identity(parts));
  config::Store& config = parts.config;
  identity->sessions_ = CELL_TRY(Sessions::open(
      parts.database, parts.clock, [&config] { return settings::session_limits_of(config.snapshot()->root); },
      std::move(parts.session_ended), parts.log));
  identity->tokens_ = CELL_TRY(Tokens::open(parts.database, parts.clock, parts.log));
  identity->audit_ = CELL_TRY(Audit::open(parts.database, parts.clock, parts.log));
  return identity;
}

Result<Login> Identity::log_in(const std::string& name, const Secret& password, const Origin& origin) {
  const Person person = CELL_TRY(attempt(throttle_, people_, name, password, origin));
  return start_session(person.id, origin);
}

Result<Login> Identity::start_session(const std::string& person_id, const Origin& origin) {
  const Person person = CELL_TRY(people_.find(person_id));
  IssuedSession issued =
      CELL_TRY_DOING(sessions_->create(person.id, origin), "nobody can be logged in just now");
  return Login{person, std::move(issued.session), std::move(issued.token)};
}

Result<Caller> Identity::by_session(std::string_view session_token) {
  auto session = sessions_->find(session_token);
  if (!session) return log_in_first();
  auto person = people_.find(session->user_id);
  if (!person) return log_in_first();  // deleted in an older revision that was restored
  return Caller{std::move(person).value(), std::move(session), {}};
}

Result<Caller> Identity::by_token(std::string_view text, std::string_view address) {
  auto token = tokens_->find(text, address);
  const Error invalid{Code::unauthenticated,
                      "this token is not valid here",
                      "make a new one under Settings",
                      {},
                      "token_invalid"};
  if (!token) return invalid;
  auto person = people_.find(token->user_id);
  if (!person) return invalid;
  return Caller{std::move(person).value(), {}, std::move(token)};
}

Result<void> Identity::change_password(const Caller& caller, const Secret& current, const Secret& wanted,
                                       const Origin& origin) {
  auto proven = attempt(throttle_, people_, caller.person.name, current, origin);
  if (!proven && proven.error().code == Code::unauthenticated) {
    // Not 401: the session is fine, and a client would take that for the end of it.
    Error error = field_error("/current_password", "this is not your current password");
    error.reason = "credentials_invalid";
    return error;
  }
  if (!proven) return std::move(proven).error();
  const config::CommitOptions options{caller.person.name, "password of " + caller.person.name + " changed"};
  auto changed =
      change_person(caller.person.id, {{}, {}, wanted}, options, caller.session ? caller.session->id : "");
  if (changed) return {};
  for (FieldError& field : changed.error().fields) {
    if (field.pointer == "/password") field.pointer = "/new_password";
  }
  return std::move(changed).error();
}

Result<Person> Identity::change_person(const std::string& id, const PersonChange& change,
                                       const config::CommitOptions& options,
                                       const std::string& keep_session) {
  const Person before = CELL_TRY(people_.find(id));
  Person after = CELL_TRY(people_.change(id, change, options));
  if (change.password) CELL_TRY(forget_generated_password(id));
  if (change.password || before.is_admin != after.is_admin) CELL_TRY(sessions_->revoke_all(id, keep_session));
  return after;
}

Result<void> Identity::remove_person(const std::string& id, const config::CommitOptions& options) {
  CELL_TRY(people_.remove(id, options));
  CELL_TRY(forget_generated_password(id));
  CELL_TRY(sessions_->revoke_all(id));
  return tokens_->revoke_all(id);
}

Result<Secret> Identity::reset_admin_password(const std::string& name) {
  const auto people = people_.list();
  const auto admin = std::find_if(people.begin(), people.end(), [&](const Person& person) {
    return person.is_admin && (name.empty() || person.name == name);
  });
  if (admin == people.end())
    return Error{Code::not_found, "there is no such administrator", "is the cell set up?"};
  Secret password = generate_password();
  const config::CommitOptions options{"system", "password of " + admin->name + " reset"};
  CELL_TRY(change_person(admin->id, {{}, {}, password}, options, {}));
  CELL_TRY(remember_generated_password(admin->id, password));
  audit_->record({0, {}, "system", "auth.reset_password", admin->name, "ok", {}});
  return password;
}

Result<void> Identity::remember_generated_password(const std::string& person_id, const Secret& password) {
  return sealed_.put(kGenerated, Secret(person_id + " " + std::string(password.reveal())));
}

Result<Secret> Identity::generated_admin_password() const {
  const auto stored = sealed_.get(kGenerated);
  if (!stored) {
    return Error{Code::gone, "the password was chosen or changed by a person, and only its hash is stored",
                 "'make reset-admin-password' gives a new one"};
  }
  const std::string_view text = stored->reveal();
  return Secret(std::string(text.substr(text.find(' ') + 1)));
}

Result<void> Identity::forget_generated_password(const std::string& person_id) {
  const auto stored = sealed_.get(kGenerated);
  if (!stored || !stored->reveal().starts_with(person_id + " ")) return {};
  return sealed_.remove(kGenerated);
}

}  // namespace cell::identity
