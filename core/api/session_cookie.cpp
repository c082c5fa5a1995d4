#include "api/session_cookie.hpp"

#include "api/route.hpp"

namespace cell::api {

namespace {

constexpr const char* kPlainName = "cell_session";
// The prefix makes the browser refuse the cookie unless it is Secure, has Path=/ and no Domain: a neighbour
// on a sub-domain can't plant one.
constexpr const char* kSecureName = "__Host-cell_session";

std::string cookie(const http::Request& request, std::string_view value, std::string_view more) {
  std::string text = request.secure ? kSecureName : kPlainName;
  text += "=";
  text += value;
  text += "; Path=/; HttpOnly; SameSite=Strict";
  if (request.secure) text += "; Secure";
  text += more;
  return text;
}

}  // namespace

std::string session_token_of(const http::Request& request) {
  return std::string(request.cookie(request.secure ? kSecureName : kPlainName));
}

void set_session_cookie(http::Response& response, const http::Request& request, const Secret& token) {
  response.headers.emplace("Set-Cookie", cookie(request, token.reveal(), {}));
}

void clear_session_cookie(http::Response& response, const http::Request& request) {
  response.headers.emplace("Set-Cookie", cookie(request, {}, "; Max-Age=0"));
}

identity::Origin origin_of(const http::Request& request) {
  return {request.remote_address, std::string(request.header("User-Agent"))};
}

Json session_json(const identity::Person& person, const identity::Session& session, std::string_view token) {
  return {{"user", {{"id", person.id}, {"name", person.name}, {"role", person.is_admin ? "admin" : "peer"}}},
          {"csrf_token", identity::csrf_token_of(token)},
          {"expires_at", format_time(session.expires_at)},
          {"idle_expires_at", format_time(session.idle_expires_at)}};
}

Json session_schema() {
  const Json user = schema::object(
      {{"id", schema::string()}, {"name", schema::string()}, {"role", schema::one_of({"admin", "peer"})}});
  return schema::object({{"user", user},
                         {"csrf_token", schema::string()},
                         {"expires_at", schema::time()},
                         {"idle_expires_at", schema::time()}});
}

}  // namespace cell::api
