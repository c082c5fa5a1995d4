#include "api/origin.hpp"

#include <arpa/inet.h>

#include "domain/settings/text.hpp"

namespace cell::api {

namespace {

Error foreign(std::string detail) {
  return Error{Code::forbidden,
               std::move(detail),
               "open the cell's own address and try again there",
               {},
               "foreign_origin"};
}

std::string_view without_default_port(std::string_view host, bool secure) {
  const std::string_view port = secure ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return host;
}

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

}  // namespace

Result<void> check_origin(const http::Request& request) {
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none") {
    return foreign("this request was made by a page of another site");
  }
  std::string_view origin = request.header("Origin");
  if (origin.empty()) return {};
  const bool secure = origin.starts_with("https://");
  if (!secure && !origin.starts_with("http://"))
    return foreign("this request was made by a page without an origin");
  origin.remove_prefix(secure ? 8 : 7);
  const std::string asked = settings::lower_ascii(without_default_port(request.header("Host"), secure));
  if (settings::lower_ascii(without_default_port(origin, secure)) != asked) {
    return foreign("this request was made by a page of another site");
  }
  return {};
}

bool is_at_this_machine(const http::Request& request) {
  if (!request.local) return false;
  const std::string host = settings::lower_ascii(without_port(request.header("Host")));
  in_addr address{};  // parsed, because "127.example.org" begins like a loopback address too
  const bool is_loopback_v4 = inet_pton(AF_INET, host.c_str(), &address) == 1 && host.starts_with("127.");
  return host == "localhost" || host == "[::1]" || is_loopback_v4;
}

}  // namespace cell::api
