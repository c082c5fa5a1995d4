#include "api/tokens_routes.hpp"

#include "api/auth_gate.hpp"

namespace cell::api {

namespace {

using identity::Identity;
using Tags = std::function<std::vector<std::string>()>;

constexpr std::size_t kMaxScopes = 64;
constexpr std::size_t kMaxSources = 32;

Json to_json(const identity::Token& token) {
  Json json = {{"id", token.id},
               {"name", token.name},
               {"scopes", token.scopes},
               {"read_only", token.read_only},
               {"allowed_sources", token.allowed_sources},
               {"created_at", format_time(token.created_at)},
               {"prefix", token.prefix}};
  if (token.expires_at) json["expires_at"] = format_time(*token.expires_at);
  if (token.last_used_at) json["last_used_at"] = format_time(*token.last_used_at);
  return json;
}

std::vector<std::string> strings_of(const Json& array) {
  return array.is_array() ? array.get<std::vector<std::string>>() : std::vector<std::string>{};
}

// A token that could make tokens would outlive its own expiry and scopes.
Result<void> need_session(const Context& context) {
  if (!context.principal->session_id.empty()) return {};
  return Error{Code::forbidden,
               "a token can't make or revoke tokens",
               "log in with name and password",
               {},
               "session_needed"};
}

Result<http::Response> list(Identity& identity, const Context& context) {
  Json items = Json::array();
  for (const identity::Token& token : identity.tokens().of_user(context.principal->user_id))
    items.push_back(to_json(token));
  return http::Response::json({{"items", std::move(items)}});
}

Result<http::Response> create(Identity& identity, const Tags& tags, const Context& context) {
  CELL_TRY(need_session(context));
  const Json& body = context.body;
  identity::NewToken wanted{json_string(body, "name"), strings_of(body["scopes"]),
                            json_bool(body, "read_only")};
  wanted.allowed_sources = strings_of(json_member(body, "allowed_sources"));
  const std::string expiry = json_string(body, "expires_at");
  if (!expiry.empty()) {
    auto time = parse_time(expiry);
    if (!time) return field_error("/expires_at", time.error().message);
    wanted.expires_at = *time;
  }
  const identity::IssuedToken issued =
      CELL_TRY(identity.tokens().create(context.principal->user_id, wanted, tags()));
  Json answer = to_json(issued.token);
  answer["token"] = std::string(issued.text.reveal());
  http::Response response = http::Response::json(answer);
  response.headers.emplace("Location", "/api/auth/tokens/" + issued.token.id);
  return response;
}

Result<http::Response> revoke(Identity& identity, const Context& context) {
  CELL_TRY(need_session(context));
  CELL_TRY(identity.tokens().revoke(context.principal->user_id, context.param("id")));
  return http::Response::empty();
}

Json token_schema(bool with_text) {
  std::vector<std::pair<std::string, Json>> members{
      {"id", schema::string()},
      {"name", schema::string()},
      {"scopes", schema::array(schema::string(), kMaxScopes)},
      {"read_only", schema::boolean()},
      {"allowed_sources", schema::array(schema::string(), kMaxSources)},
      {"expires_at?", schema::time()},
      {"created_at", schema::time()},
      {"last_used_at?", schema::time()},
      {"prefix", schema::string()}};
  if (with_text) members.emplace_back("token", schema::string());
  return schema::object(std::move(members));
}

}  // namespace

std::vector<Route> tokens_routes(Identity& identity, Tags tags) {
  Route listing{"GET", "/api/auth/tokens", Access::session, "auth", "Lists one's own API tokens"};
  listing.response = schema::collection(token_schema(false));
  listing.handle = [&identity](const Context& context) { return list(identity, context); };

  Route making{"POST", "/api/auth/tokens", Access::session, "auth",
               "Makes an API token; its text is shown only here"};
  making.request = schema::object({{"name", schema::string()},
                                   {"scopes", schema::array(schema::string(), kMaxScopes)},
                                   {"read_only?", schema::boolean()},
                                   {"allowed_sources?", schema::array(schema::string(64), kMaxSources)},
                                   {"expires_at?", schema::nullable(schema::time())}});
  making.response = token_schema(true);
  making.success = 201;
  making.handle = [&identity, tags = std::move(tags)](const Context& context) {
    return create(identity, tags, context);
  };

  Route revoking{"DELETE", "/api/auth/tokens/{id}", Access::session, "auth", "Revokes an API token"};
  revoking.success = 204;
  revoking.handle = [&identity](const Context& context) { return revoke(identity, context); };
  return {listing, making, revoking};
}

}  // namespace cell::api
