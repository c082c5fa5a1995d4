#include "domain/identity/people.hpp"

#include <algorithm>

#include "crypto/random.hpp"
#include "domain/identity/password_rules.hpp"
#include "domain/settings/document.hpp"
#include "domain/settings/text.hpp"

namespace cell::identity {

namespace {

std::string password_name(const std::string& id) { return "identity/password/" + id; }

Person person_of(const std::string& id, const Json& entry) {
  return {id, json_string(entry, "name"), json_string(entry, "role") == "admin",
          json_string(entry, "created_at"), json_string(entry, "password_changed_at")};
}

bool same_name(std::string_view a, std::string_view b) {
  return settings::lower_ascii(a) == settings::lower_ascii(b);
}

Error no_such_person() { return Error{Code::not_found, "there is no such person"}; }

Result<void> check_name_free(const Json& people, const std::string& name, const std::string& except_id) {
  for (const auto& [id, entry] : people.items()) {
    if (id == except_id || !same_name(json_string(entry, "name"), name)) continue;
    Error error = field_error("/name", "another person has this name already");
    error.code = Code::conflict;
    error.reason = "name_taken";
    return error;
  }
  return {};
}

// The document after the change still has somebody who can administer it.
Result<void> check_admin_left(const Json& people) {
  for (const auto& [id, entry] : people.items()) {
    if (json_string(entry, "role") == "admin") return {};
  }
  return Error{Code::conflict,
               "this is the last administrator",
               "make another person an administrator first",
               {},
               "last_admin"};
}

}  // namespace

People::People(config::Store& config, config::SealedStore& sealed, Hasher& hasher, const Clock& clock)
    : config_(config), sealed_(sealed), hasher_(hasher), clock_(clock) {}

std::string People::cell_name() const { return settings::identity_of(config_.snapshot()->root).cell_name; }

std::vector<Person> People::list() const {
  const auto snapshot = config_.snapshot();
  std::vector<Person> people;
  for (const auto& [id, entry] : json_member(snapshot->root, "people").items())
    people.push_back(person_of(id, entry));
  std::sort(people.begin(), people.end(), [](const Person& a, const Person& b) { return a.name < b.name; });
  return people;
}

Result<Person> People::find(const std::string& id) const {
  const auto snapshot = config_.snapshot();
  const Json& people = json_member(snapshot->root, "people");
  const auto found = people.find(id);
  if (found == people.end()) return no_such_person();
  return person_of(id, *found);
}

std::optional<Person> People::find_by_name(std::string_view name) const {
  const auto snapshot = config_.snapshot();
  for (const auto& [id, entry] : json_member(snapshot->root, "people").items()) {
    if (same_name(json_string(entry, "name"), name)) return person_of(id, entry);
  }
  return std::nullopt;
}

Result<void> People::check(const NewPerson& person, const std::string& cell_name,
                           const std::string& pointer) const {
  CELL_TRY(settings::check_display_name(person.name, pointer + "/name"));
  return check_password(person.password, {person.name, cell_name}, pointer + "/password");
}

Result<void> People::store_password(const std::string& id, const Secret& password) {
  const std::string phc = CELL_TRY(hasher_.hash(password));
  return sealed_.put(password_name(id), Secret(phc));
}

Result<PreparedPerson> People::prepare(const NewPerson& person) {
  PreparedPerson prepared{crypto::random_id(), Json::object()};
  CELL_TRY_DOING(store_password(prepared.id, person.password), "cannot store the password");
  const std::string now = format_time(clock_.now());
  prepared.entry = {{"name", person.name},
                    {"role", person.is_admin ? "admin" : "peer"},
                    {"created_at", now},
                    {"password_changed_at", now}};
  return prepared;
}

void People::discard(const std::string& id) {
  // A hash that stays behind belongs to an id that nobody has; it lets nobody in.
  (void)sealed_.remove(password_name(id));
}

Result<Person> People::create(const NewPerson& person, const config::CommitOptions& options) {
  CELL_TRY(check(person, cell_name(), ""));
  const auto snapshot = config_.snapshot();
  CELL_TRY(check_name_free(json_member(snapshot->root, "people"), person.name, {}));
  const PreparedPerson prepared = CELL_TRY(prepare(person));
  auto committed = config_.commit(options, [&](Json& root) -> Result<void> {
    CELL_TRY(check_name_free(root["people"], person.name, {}));
    root["people"][prepared.id] = prepared.entry;
    return {};
  });
  if (!committed) {
    discard(prepared.id);
    return std::move(committed).error();
  }
  return person_of(prepared.id, prepared.entry);
}

Result<Person> People::commit_change(const std::string& id, const PersonChange& change,
                                     const config::CommitOptions& options) {
  const config::Edit edit = [&](Json& root) -> Result<void> {
    Json& people = root["people"];
    if (!people.contains(id)) return no_such_person();
    Json& entry = people[id];
    if (change.name) {
      CELL_TRY(check_name_free(people, *change.name, id));
      entry["name"] = *change.name;
    }
    if (change.is_admin) entry["role"] = *change.is_admin ? "admin" : "peer";
    if (change.password) entry["password_changed_at"] = format_time(clock_.now());
    return check_admin_left(people);
  };
  const config::Snapshot committed = CELL_TRY(config_.commit(options, edit));
  return person_of(id, committed->root["people"][id]);
}

Result<Person> People::change_with_password(const std::string& id, const PersonChange& change,
                                            const config::CommitOptions& options) {
  auto previous = sealed_.get(password_name(id));
  CELL_TRY_DOING(store_password(id, *change.password), "cannot store the password");
  auto person = commit_change(id, change, options);
  if (!person && previous) {
    const auto restored = sealed_.put(password_name(id), *previous);
    if (!restored) return Error(restored.error()).within("the password is changed, the rest is not");
  }
  return person;
}

Result<Person> People::change(const std::string& id, const PersonChange& change,
                              const config::CommitOptions& options) {
  const Person person = CELL_TRY(find(id));
  if (change.name) CELL_TRY(settings::check_display_name(*change.name, "/name"));
  if (!change.password) return commit_change(id, change, options);
  CELL_TRY(check_password(*change.password, {change.name.value_or(person.name), cell_name()}, "/password"));
  return change_with_password(id, change, options);
}

Result<void> People::remove(const std::string& id, const config::CommitOptions& options) {
  const config::Edit edit = [&](Json& root) -> Result<void> {
    Json& people = root["people"];
    if (people.erase(id) == 0) return no_such_person();
    for (auto& [peer_id, peer] : root["peers"].items()) {
      if (json_string(peer, "owner_id") == id) peer.erase("owner_id");
    }
    return check_admin_left(people);
  };
  CELL_TRY(config_.commit(options, edit));
  discard(id);
  return {};
}

Result<Person> People::verify(std::string_view name, const Secret& password) {
  const Error wrong{
      Code::unauthenticated, "the name or the password is wrong", {}, {}, "credentials_invalid"};
  const auto person = find_by_name(name);
  const auto phc = sealed_.get(password_name(person ? person->id : "nobody"));
  if (!person || !phc) {
    CELL_TRY(hasher_.verify_nobody(password));
    return wrong;
  }
  if (!CELL_TRY(hasher_.verify(password, phc->reveal()))) return wrong;
  return *person;
}

}  // namespace cell::identity
