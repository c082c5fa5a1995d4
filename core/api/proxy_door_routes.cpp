#include "api/proxy_door_routes.hpp"

#include "api/authority.hpp"
#include "api/page_sources.hpp"
#include "api/problem.hpp"
#include "api/session_cookie.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "domain/settings/document.hpp"
#include "domain/settings/services.hpp"

namespace cell::api {

namespace {

constexpr const char* kKeyCookie = "__Host-cell_door";
constexpr const char* kNonceCookie = "__Host-cell_door_nonce";
constexpr std::size_t kMaxTarget = 4096;

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~')
      out += c;
    else
      (out += '%') += {kHex[byte >> 4U], kHex[byte & 15U]};
  }
  return out;
}

std::string cookie(const char* name, std::string_view value, std::string_view more = {}) {
  return std::string(name) + "=" + std::string(value) + "; Path=/; HttpOnly; Secure; SameSite=Lax" +
         std::string(more);
}

// Pages of the cell may follow it between the cell's hosts too, as a request that they can't read.
http::Response redirect(const std::string& to) {
  http::Response response;
  response.status = 302;
  response.content_type = "text/plain; charset=utf-8";
  response.headers.emplace("Location", to);
  response.headers.emplace("Cache-Control", "no-store");
  response.headers.emplace("Cross-Origin-Resource-Policy", "same-site");
  return response;
}

// The host of a published service.
std::optional<Authority> place_of(const Json& root, std::string_view authority) {
  auto place = parse_authority(authority);
  if (!place) return std::nullopt;
  const std::string domain = settings::identity_of(root).domain_name;
  for (const std::string& label : settings::service_hosts_of(root)) {
    if (place->host == label + "." + domain) return place;
  }
  return std::nullopt;
}

// A path of the same host: nothing that a browser takes for another ("//host", "/\host").
bool is_local_path(std::string_view path) {
  return !path.empty() && path.size() <= kMaxTarget && path[0] == '/' &&
         (path.size() == 1 || (path[1] != '/' && path[1] != '\\')) &&
         std::none_of(path.begin(), path.end(), [](unsigned char c) { return c < 0x21 || c == 0x7f; });
}

bool is_navigation(const http::Request& request) {
  const std::string_view method = request.header("X-Forwarded-Method");
  return (method.empty() || method == "GET") &&
         request.header("Accept").find("text/html") != std::string_view::npos;
}

// To the cell's own page, which knows the session.
http::Response to_own_page(const Json& root, const Authority& place, const http::Request& request) {
  const std::string nonce = crypto::random_token(16);
  const std::string_view uri = request.header("X-Forwarded-Uri");
  const std::string path = is_local_path(uri) ? std::string(uri) : "/";
  http::Response response =
      redirect("https://" + settings::identity_of(root).domain_name + place.port +
               "/api/auth/proxy/enter?host=" + percent_encoded(place.host + place.port) +
               "&to=" + percent_encoded(path) + "&nonce=" + crypto::to_hex(crypto::sha256(nonce)));
  response.headers.emplace("Set-Cookie", cookie(kNonceCookie, nonce, "; Max-Age=600"));
  return response;
}

// A refusal that the cell's own page can read: without these headers a browser tells it no more than of a
// line that is down (CORS protocol, Fetch standard 3.3).
http::Response refusal(const Json& root, const http::Request& request, const Error& error) {
  http::Response response = problem(error, request.id);
  response.headers.emplace("Vary", "Origin");
  const std::string origin = own_page_origin(root, request);
  if (origin.empty()) return response;
  response.headers.emplace("Access-Control-Allow-Origin", origin);
  response.headers.emplace("Access-Control-Allow-Credentials", "true");
  return response;
}

Result<http::Response> check(const ProxyDoorParts& parts, const Context& context) {
  const config::Snapshot document = parts.config.snapshot();
  const auto place = place_of(document->root, context.request.header("Host"));
  if (!place) return Error{Code::not_found, "there is no service at this name"};
  // What a browser asks before a request to another host (CORS) never carries a cookie. It goes on, as
  // nobody.
  if (context.request.header("X-Forwarded-Method") == "OPTIONS") {
    http::Response response = http::Response::text("");
    response.headers.emplace("X-Cell-Person", "");
    return response;
  }
  const auto person = parts.doors.holder(context.request.cookie(kKeyCookie), place->host);
  if (!person) {
    if (is_navigation(context.request)) return to_own_page(document->root, *place, context.request);
    return refusal(document->root, context.request, person.error());
  }
  if (context.query("role") == "admin" && !person->is_admin)
    return refusal(
        document->root, context.request,
        {Code::forbidden, "only an administrator may open this", "ask an administrator of this cell"});
  http::Response response = http::Response::text("");
  response.headers.emplace("X-Cell-Person", parts.login_of(*person));
  response.headers.emplace("Cache-Control", "no-store");
  return response;
}

Result<http::Response> enter(const ProxyDoorParts& parts, const Context& context) {
  const config::Snapshot document = parts.config.snapshot();
  const std::string to = context.query("to", "/");
  const std::string nonce = context.query("nonce");
  const auto place = place_of(document->root, context.query("host"));
  if (!place || !is_local_path(to) || nonce.size() != 64)
    return Error{Code::invalid_argument, "this link leads to no service of the cell",
                 "open the service anew"};
  const Secret session(session_token_of(context.request));
  const auto ticket = parts.doors.ticket(session, place->host, nonce);
  if (!ticket && ticket.error().code == Code::unauthenticated) {
    return redirect("/login?next=" + percent_encoded("/api/auth/proxy/enter?host=" +
                                                     percent_encoded(place->host + place->port) +
                                                     "&to=" + percent_encoded(to) + "&nonce=" + nonce));
  }
  if (!ticket) return ticket.error();
  return redirect("https://" + place->host + place->port + "/api/auth/proxy/accept?ticket=" +
                  std::string(ticket->reveal()) + "&to=" + percent_encoded(to));
}

Result<http::Response> accept(const ProxyDoorParts& parts, const Context& context) {
  const config::Snapshot document = parts.config.snapshot();
  const auto place = place_of(document->root, context.request.header("Host"));
  const std::string to = context.query("to", "/");
  if (!place || !is_local_path(to))
    return Error{Code::invalid_argument, "this link leads to no service of the cell",
                 "open the service anew"};
  const Secret key =
      CELL_TRY(parts.doors.enter(context.query("ticket"), place->host, context.request.cookie(kNonceCookie)));
  http::Response response = redirect(to);
  response.headers.emplace("Set-Cookie", cookie(kKeyCookie, key.reveal()));
  response.headers.emplace("Set-Cookie", cookie(kNonceCookie, "", "; Max-Age=0"));
  return response;
}

Route door(std::string name, std::string summary, std::vector<std::string> query,
           std::function<Result<http::Response>(const Context&)> handle) {
  Route route{"GET", "/api/auth/proxy/" + std::move(name), Access::open, "auth", std::move(summary)};
  route.query = std::move(query);
  route.media_type = "text/plain";
  route.handle = std::move(handle);
  return route;
}

}  // namespace

std::vector<Route> proxy_door_routes(const ProxyDoorParts& parts) {
  return {door("check", "Tells the proxy whether a request may go on to a service", {"role"},
               [parts](const Context& context) { return check(parts, context); }),
          door("enter", "Takes a browser that is logged in to a service", {"host", "to", "nonce"},
               [parts](const Context& context) { return enter(parts, context); }),
          door("accept", "Where a browser comes in at a service's host", {"ticket", "to"},
               [parts](const Context& context) { return accept(parts, context); })};
}

}  // namespace cell::api
