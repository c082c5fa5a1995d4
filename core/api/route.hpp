#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

namespace cell::api {

// Who is asking.
struct Principal {
  std::string user_id;
  std::string name;
  bool is_admin = false;
  std::string session_id;          // empty with a token
  TimePoint session_expires_at{};  // with a session: at the latest, and if nothing more comes
  TimePoint session_idle_expires_at{};
  std::string token_id;             // empty with a session
  std::vector<std::string> scopes;  // of a token; {"*"} with a session
  bool read_only = false;
  [[nodiscard]] std::string actor() const { return token_id.empty() ? name : name + " (token)"; }
};

enum class Access {
  open,     // everybody
  setup,    // everybody, only before setup (409 afterwards)
  session,  // any logged-in person; the handler narrows to what is theirs
  admin,
  local,  // administrators, and whoever is at this machine (a direct loopback connection) without logging in
};

// What a handler gets: the request, who asks (never null behind Access::session/admin, null for local
// requests behind Access::local), and the body, already parsed and
// checked against the route's schema (null where the route takes none).
struct Context {
  const http::Request& request;
  const Principal* principal;
  Json body;
  std::optional<std::int64_t> if_match;
  [[nodiscard]] std::string param(const std::string& name) const;
  [[nodiscard]] std::string query(const std::string& name, const std::string& fallback = {}) const;
};

// Whether somebody who was admitted still would be; for streams, which outlive their request.
using StillAdmitted = std::function<bool(const Principal&)>;

using Handle = std::function<Result<http::Response>(const Context&)>;

// One operation. Everything the API does is a list of these; OpenAPI, CSRF, access and schema checks come
// from it.
struct Route {
  std::string method;  // GET changes nothing
  std::string path;    // "/api/peers/{id}"
  Access access = Access::admin;
  std::string tag;      // "peers": groups the documentation and is the token scope "peers:read"/"peers:write"
  std::string summary;  // "Lists the peers"
  Json request = nullptr;   // JSON Schema of the body; null: no body is taken
  Json response = nullptr;  // JSON Schema of the 2xx answer; null: none or not JSON
  Handle handle;
  int success = 200;
  std::vector<std::string> query{};  // names of query parameters that are understood; others are refused
  bool csrf = true;                  // false only for login, setup and enrolment
  std::string media_type = "application/json";  // of the 2xx answer
  std::size_t max_body = 64 * 1024;
  bool before_setup = false;  // answers on a cell that is not set up too; for paths below /api
  bool reveals = false;       // the answer holds a key: a token needs to write, though nothing changes
  bool raw = false;  // body and query go to the handler as they came: what they mean is somebody else's
};

// The part of a collection a client asks for: `limit` (1–1000, default 100) and `cursor` (empty: from the
// start).
struct Page {
  std::size_t limit = 100;
  std::string cursor;
};
Result<Page> page_of(const Context& context);

// True for methods that may change something: all but GET, HEAD and OPTIONS.
bool is_unsafe(const std::string& method);

// Schema shorthands, so that route tables stay readable.
namespace schema {
Json string(std::size_t max = 256, std::size_t min = 0);
Json text(std::size_t max);
Json integer(std::int64_t min, std::int64_t max);
Json number();
Json boolean();
Json time();  // RFC 3339
Json nullable(Json inner);
Json one_of(std::vector<std::string> values);  // enum of strings
Json matching(const std::string& pattern);     // a string of this regular expression (ECMA 262)
Json log_level();                              // as the cell writes it; what is sent may be spelled otherwise
Json array(Json items, std::size_t max = 1000);
Json map(Json values);  // object with free names
// Members; a name that ends in '?' is optional. No others are allowed.
Json object(std::vector<std::pair<std::string, Json>> members);
Json collection(Json item);  // {items, next_cursor?}
}  // namespace schema

}  // namespace cell::api
