#include "api/people_routes.hpp"

#include <algorithm>

#include "api/auth_gate.hpp"

namespace cell::api {

namespace {

using identity::Identity;

constexpr std::size_t kMaxPassword = 4096;

Json to_json(const identity::Person& person) {
  return {{"id", person.id},
          {"name", person.name},
          {"role", person.is_admin ? "admin" : "peer"},
          {"created_at", person.created_at},
          {"password_changed_at", person.password_changed_at}};
}

void add_etag(Identity& identity, http::Response& response) {
  response.headers.emplace("ETag", "\"" + std::to_string(identity.configuration()->revision) + "\"");
}

http::Response with_etag(Identity& identity, const Json& body) {
  http::Response response = http::Response::json(body);
  add_etag(identity, response);
  return response;
}

// Pages by position: `cursor` is the id of the last person of the page before.
Result<http::Response> list(Identity& identity, const Context& context) {
  const Page page = CELL_TRY(page_of(context));
  const auto people = identity.people().list();
  auto at = people.begin();
  if (!page.cursor.empty()) {
    at = std::find_if(people.begin(), people.end(),
                      [&](const identity::Person& p) { return p.id == page.cursor; });
    if (at == people.end())
      return Error{Code::invalid_argument, "this cursor is not valid any more", "start from the first page"};
    ++at;
  }
  Json answer = {{"items", Json::array()}};
  for (; at != people.end() && answer["items"].size() < page.limit; ++at)
    answer["items"].push_back(to_json(*at));
  if (at != people.end()) answer["next_cursor"] = (at - 1)->id;
  return with_etag(identity, answer);
}

Result<http::Response> create(Identity& identity, const Context& context) {
  const Json& body = context.body;
  const identity::NewPerson wanted{json_string(body, "name"), json_string(body, "role") == "admin",
                                   Secret(json_string(body, "password"))};
  const auto person = CELL_TRY(
      identity.people().create(wanted, commit_options(context, "person '" + wanted.name + "' added")));
  http::Response response = with_etag(identity, to_json(person));
  response.headers.emplace("Location", "/api/people/" + person.id);
  return response;
}

Result<http::Response> show(Identity& identity, const Context& context) {
  return with_etag(identity, to_json(CELL_TRY(identity.people().find(context.param("id")))));
}

Result<http::Response> change(Identity& identity, const Context& context) {
  const Json& body = context.body;
  identity::PersonChange wanted;
  if (body.contains("name")) wanted.name = json_string(body, "name");
  if (body.contains("role")) wanted.is_admin = json_string(body, "role") == "admin";
  if (body.contains("password")) wanted.password = Secret(json_string(body, "password"));
  const auto before = CELL_TRY(identity.people().find(context.param("id")));
  const auto person = CELL_TRY(identity.change_person(
      before.id, wanted, commit_options(context, "person '" + before.name + "' changed"),
      context.principal->session_id));
  return with_etag(identity, to_json(person));
}

Result<http::Response> remove(Identity& identity, const Context& context) {
  const auto person = CELL_TRY(identity.people().find(context.param("id")));
  CELL_TRY(
      identity.remove_person(person.id, commit_options(context, "person '" + person.name + "' removed")));
  return http::Response::empty();
}

Json person_schema() {
  return schema::object({{"id", schema::string()},
                         {"name", schema::string()},
                         {"role", schema::one_of({"admin", "peer"})},
                         {"created_at", schema::time()},
                         {"password_changed_at", schema::time()}});
}

}  // namespace

std::vector<Route> people_routes(Identity& identity) {
  const auto bind = [&identity](Result<http::Response> (*handler)(Identity&, const Context&)) -> Handle {
    return [&identity, handler](const Context& context) { return handler(identity, context); };
  };
  const Json role = schema::one_of({"admin", "peer"});
  const Json password = schema::string(kMaxPassword);

  Route listing{"GET", "/api/people", Access::admin, "people", "Lists the people of the cell"};
  listing.response = schema::collection(person_schema());
  listing.query = {"limit", "cursor"};
  listing.handle = bind(list);

  Route adding{"POST", "/api/people", Access::admin, "people", "Adds a person"};
  adding.request = schema::object({{"name", schema::string()}, {"role", role}, {"password", password}});
  adding.response = person_schema();
  adding.success = 201;
  adding.handle = bind(create);

  Route showing{"GET", "/api/people/{id}", Access::admin, "people", "Shows a person"};
  showing.response = person_schema();
  showing.handle = bind(show);

  Route changing{"PATCH", "/api/people/{id}", Access::admin, "people",
                 "Changes a person's name, role or password"};
  changing.request = schema::object({{"name?", schema::string()}, {"role?", role}, {"password?", password}});
  changing.response = person_schema();
  changing.handle = bind(change);

  Route removing{"DELETE", "/api/people/{id}", Access::admin, "people",
                 "Removes a person; their devices stay"};
  removing.success = 204;
  removing.handle = bind(remove);
  return {listing, adding, showing, changing, removing};
}

}  // namespace cell::api
