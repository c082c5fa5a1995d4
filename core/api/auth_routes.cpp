#include "api/auth_routes.hpp"

#include "api/auth_gate.hpp"
#include "api/session_cookie.hpp"

namespace cell::api {

namespace {

using identity::Identity;

constexpr std::size_t kMaxPassword =
    4096;  // bytes read; the rule of 1,024 characters gives the better message

// A token must not outlive what its owner decides about sessions and passwords.
Result<void> need_session(const Context& context) {
  if (!context.principal->session_id.empty()) return {};
  return Error{
      Code::forbidden, "a token can't do this", "log in with name and password", {}, "session_needed"};
}

Result<http::Response> log_in(Identity& identity, const Context& context) {
  const std::string name = json_string(context.body, "name");
  const auto audit = [&](const std::string& actor, const std::string& result) {
    identity.audit().record({0, {}, actor, "auth.login", actor, result, context.request.remote_address});
  };
  auto login =
      identity.log_in(name, Secret(json_string(context.body, "password")), origin_of(context.request));
  if (!login) {
    // What was typed as a name may be a password; only names that exist are written down.
    const auto person = identity.people().find_by_name(name);
    if (login.error().code == Code::unauthenticated)
      audit(person ? person->name : "unknown", "wrong password");
    return std::move(login).error();
  }
  audit(login->person.name, "ok");
  http::Response response =
      http::Response::json(session_json(login->person, login->session, login->token.reveal()));
  set_session_cookie(response, context.request, login->token);
  return response;
}

Result<http::Response> log_out(Identity& identity, const Context& context) {
  CELL_TRY(need_session(context));
  CELL_TRY(identity.sessions().revoke(context.principal->user_id, context.principal->session_id));
  http::Response response = http::Response::empty();
  clear_session_cookie(response, context.request);
  return response;
}

Result<http::Response> show_session(const Context& context) {
  CELL_TRY(need_session(context));
  const Principal& principal = *context.principal;
  identity::Person person;
  person.id = principal.user_id;
  person.name = principal.name;
  person.is_admin = principal.is_admin;
  identity::Session session;
  session.expires_at = principal.session_expires_at;
  session.idle_expires_at = principal.session_idle_expires_at;
  return http::Response::json(session_json(person, session, session_token_of(context.request)));
}

Json to_json(const identity::Session& session, const std::string& current_id) {
  return {{"id", session.id},
          {"created_at", format_time(session.created_at)},
          {"last_seen_at", format_time(session.last_seen_at)},
          {"expires_at", format_time(session.expires_at)},
          {"address", session.address},
          {"user_agent", session.user_agent},
          {"current", session.id == current_id}};
}

Result<http::Response> list_sessions(Identity& identity, const Context& context) {
  Json items = Json::array();
  for (const identity::Session& session : identity.sessions().of_user(context.principal->user_id)) {
    items.push_back(to_json(session, context.principal->session_id));
  }
  return http::Response::json({{"items", std::move(items)}});
}

Result<http::Response> end_session(Identity& identity, const Context& context) {
  CELL_TRY(need_session(context));
  const std::string id = context.param("id");
  const Principal& principal = *context.principal;
  if (id == "others") {
    CELL_TRY(identity.sessions().revoke_all(principal.user_id, principal.session_id));
    return http::Response::empty();
  }
  CELL_TRY(identity.sessions().revoke(principal.user_id, id));
  http::Response response = http::Response::empty();
  if (id == principal.session_id) clear_session_cookie(response, context.request);
  return response;
}

Result<http::Response> change_password(Identity& identity, const Context& context) {
  CELL_TRY(need_session(context));
  const identity::Caller caller = CELL_TRY(caller_of(identity, context.request));
  CELL_TRY(identity.change_password(caller, Secret(json_string(context.body, "current_password")),
                                    Secret(json_string(context.body, "new_password")),
                                    origin_of(context.request)));
  return http::Response::empty();
}

Route route(std::string method, std::string path, Access access, std::string summary) {
  Route made;
  made.method = std::move(method);
  made.path = std::move(path);
  made.access = access;
  made.tag = "auth";
  made.summary = std::move(summary);
  return made;
}

Json session_item_schema() {
  return schema::object({{"id", schema::string()},
                         {"created_at", schema::time()},
                         {"last_seen_at", schema::time()},
                         {"expires_at", schema::time()},
                         {"address", schema::string()},
                         {"user_agent", schema::string(1024)},
                         {"current", schema::boolean()}});
}

}  // namespace

std::vector<Route> auth_routes(Identity& identity) {
  const auto bind = [&identity](Result<http::Response> (*handler)(Identity&, const Context&)) -> Handle {
    return [&identity, handler](const Context& context) { return handler(identity, context); };
  };
  Route login = route("POST", "/api/auth/login", Access::open, "Logs in with name and password");
  login.request = schema::object({{"name", schema::string()}, {"password", schema::string(kMaxPassword)}});
  login.response = session_schema();
  login.csrf = false;
  login.handle = bind(log_in);

  Route logout = route("POST", "/api/auth/logout", Access::session, "Ends this session");
  logout.success = 204;
  logout.handle = bind(log_out);

  Route session =
      route("GET", "/api/auth/session", Access::session, "Shows who is logged in, and the CSRF token");
  session.response = session_schema();
  session.handle = show_session;

  Route sessions = route("GET", "/api/auth/sessions", Access::session, "Lists one's own sessions");
  sessions.response = schema::collection(session_item_schema());
  sessions.handle = bind(list_sessions);

  Route end = route("DELETE", "/api/auth/sessions/{id}", Access::session,
                    "Ends a session; 'others': all but this one");
  end.success = 204;
  end.handle = bind(end_session);

  Route password = route("POST", "/api/auth/password", Access::session, "Changes one's own password");
  password.request = schema::object(
      {{"current_password", schema::string(kMaxPassword)}, {"new_password", schema::string(kMaxPassword)}});
  password.success = 204;
  password.handle = bind(change_password);
  return {login, logout, session, sessions, end, password};
}

}  // namespace cell::api
