#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace cell::http {

struct CaseInsensitiveLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const noexcept;
};
using Headers = std::multimap<std::string, std::string, CaseInsensitiveLess>;

// One parsed request. Path and parameters are percent-decoded once; the body is complete and within its
// limit.
struct Request {
  std::string id;                             // request id, also in the answer's X-Request-Id
  std::string method;                         // upper case
  std::string path;                           // decoded, starts with '/', no '..' segments, no NUL
  std::map<std::string, std::string> query;   // last of repeated names is refused earlier, so unique
  std::map<std::string, std::string> params;  // from the route's pattern: /api/peers/{id}
  Headers headers;
  std::string body;
  std::string
      remote_address;   // client's address without port; from X-Forwarded-For only on a trusted listener
  bool local = false;   // came from 127.0.0.0/8 or ::1 to us directly, not through the proxy
  bool secure = false;  // HTTPS at the proxy

  [[nodiscard]] std::string_view header(std::string_view name) const;  // empty when it is not there
  [[nodiscard]] std::string_view cookie(std::string_view name) const;
};

class EventStream;

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  Headers headers{};
  // Set: the connection becomes an event stream after the head was sent; called once with it.
  std::function<void(std::shared_ptr<EventStream>)> stream{};

  static Response json(const Json& value, int status = 200);
  static Response text(std::string body, std::string content_type = "text/plain; charset=utf-8",
                       int status = 200);
  static Response empty(int status = 204);
};

using Handler = std::function<Response(const Request&)>;

}  // namespace cell::http
