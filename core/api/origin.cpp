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

std::string with_brackets(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

bool is_address_of_others(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return !host.starts_with("127.");
  if (!host.starts_with('[') || !host.ends_with(']')) return false;
  const std::string inner = host.substr(1, host.size() - 2);
  return inet_pton(AF_INET6, inner.c_str(), &v6) == 1 && !IN6_IS_ADDR_LOOPBACK(&v6);
}

// "" or ":8081".
bool is_port_suffix(std::string_view text) {
  if (text.empty()) return true;
  return text.starts_with(':') && text.size() > 1 && text.size() <= 6 &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
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

std::string origin_for_links(const http::Request& request, const settings::Identity& identity,
                             std::uint16_t webui_port) {
  const std::string_view sent = request.header("Host");
  const std::string_view name = without_port(sent);
  const std::string host = settings::lower_ascii(name);
  const std::string endpoint = with_brackets(settings::lower_ascii(identity.endpoint_host));
  const bool is_known = !host.empty() && (host == settings::lower_ascii(identity.domain_name) ||
                                          host == endpoint || is_address_of_others(host));
  if (is_known && is_port_suffix(sent.substr(name.size())))
    return (request.secure ? "https://" : "http://") + std::string(sent);
  if (!endpoint.empty()) return "http://" + endpoint + ":" + std::to_string(webui_port);
  return "https://" + identity.domain_name;
}

bool is_at_this_machine(const http::Request& request) {
  if (!request.local) return false;
  const std::string host = settings::lower_ascii(without_port(request.header("Host")));
  in_addr address{};  // parsed, because "127.example.org" begins like a loopback address too
  const bool is_loopback_v4 = inet_pton(AF_INET, host.c_str(), &address) == 1 && host.starts_with("127.");
  return host == "localhost" || host == "[::1]" || is_loopback_v4;
}

}  // namespace cell::api
