#include "caddy/admin.hpp"
#include "caddy/error_pages.hpp"

namespace cell::caddy {

namespace {

// Caddy refuses connections to :443 whose name has no certificate; a browser that comes by address gets the
// last host's, which is the cell's own.
Json tls_policies(const Settings& settings) {
  Json policy = Json::object();
  for (const Route& route : settings.routes) {
    if (!route.hosts.empty()) policy["default_sni"] = route.hosts.front();
  }
  return Json::array({std::move(policy)});
}

// X-Forwarded-For is set by Caddy to the address of the connection: what a client sends of it is dropped,
// because no proxy in front of it is trusted.
Json proxy_to(const std::string& upstream) {
  return {{"handler", "reverse_proxy"},
          {"upstreams", Json::array({{{"dial", upstream}}})},
          {"transport",
           {{"protocol", "http"},
            {"dial_timeout", "5s"},
            {"keep_alive", {{"enabled", true}, {"max_idle_conns_per_host", 16}, {"idle_timeout", "60s"}}}}}};
}

Json security_headers() {
  return {
      {"handler", "headers"},
      {"response",
       {{"set", {{"Strict-Transport-Security", Json::array({"max-age=31536000"})}}}, {"deferred", true}}}};
}

// Caddy replaces {…} in most texts, also by the content of files: what others wrote must not do that.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '{' || c == '}') out += '\\';
    out += c;
  }
  return out;
}

std::string with_person(const std::string& text, const std::string& placeholder) {
  constexpr std::string_view kPerson = "{person}";
  std::string out;
  std::size_t from = 0;
  for (auto at = text.find(kPerson); at != std::string::npos; at = text.find(kPerson, from)) {
    out += literal(std::string_view(text).substr(from, at - from)) + placeholder;
    from = at + kPerson.size();
  }
  return out + literal(std::string_view(text).substr(from));
}

Json path_match(const std::string& path) {
  if (path.ends_with('/')) return Json::array({literal(path) + "*"});
  return Json::array({literal(path), literal(path) + "/*"});
}

Json match_of(const Route& route) {
  Json match = {{"host", route.hosts}};
  if (!route.path.empty() && route.path != "/") match["path"] = path_match(route.path);
  return Json::array({std::move(match)});
}

// Names under which others could claim to be somebody.
Json without_identity(const Route& route) {
  Json names = Json::array({"Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Cell-Person"});
  if (route.guard) names.push_back(route.guard->person_header);
  return {{"handler", "headers"}, {"request", {{"delete", std::move(names)}}}};
}

Json request_headers(const Route& route, const std::string& person) {
  Json set = Json::object();
  for (const auto& [name, value] : route.request_headers)
    set[name] = Json::array({with_person(value, person)});
  return {{"handler", "headers"}, {"request", {{"set", std::move(set)}}}};
}

// As the Caddyfile's forward_auth: the request's head goes to the guard; what it answers beyond 2xx is the
// answer.
Json ask(const Route& route) {
  const Guard& guard = *route.guard;
  Json handler = proxy_to(guard.upstream);
  handler["rewrite"] = {{"method", "GET"}, {"uri", guard.check}};
  handler["headers"] = {{"request",
                         {{"set",
                           {{"X-Forwarded-Method", Json::array({"{http.request.method}"})},
                            {"X-Forwarded-Uri", Json::array({"{http.request.uri}"})}}}}}};
  const std::string person = "{http.reverse_proxy.header." + guard.person_header + "}";
  handler["handle_response"] =
      Json::array({{{"match", {{"status_code", Json::array({2})}}},
                    {"routes", Json::array({{{"handle", Json::array({request_headers(route, person)})}}})}}});
  return handler;
}

Json redirect_to(const Route& route) {
  // hostport: with the port that the client came by.
  const std::string to =
      route.redirect_label.empty()
          ? literal(route.redirect)
          : "https://" + route.redirect_label + ".{http.request.hostport}" + literal(route.redirect);
  return {
      {"handler", "static_response"}, {"status_code", 301}, {"headers", {{"Location", Json::array({to})}}}};
}

Json site(const Route& route) {
  Json handle = Json::array({security_headers()});
  if (!route.redirect.empty()) {
    handle.push_back(redirect_to(route));
  } else {
    if (route.max_body_bytes > 0)
      handle.push_back({{"handler", "request_body"}, {"max_size", route.max_body_bytes}});
    if (route.guard || !route.request_headers.empty()) handle.push_back(without_identity(route));
    if (route.guard)
      handle.push_back(ask(route));
    else if (!route.request_headers.empty())
      handle.push_back(request_headers(route, {}));
    if (route.strip_prefix)
      handle.push_back({{"handler", "rewrite"}, {"strip_path_prefix", literal(route.path)}});
    handle.push_back(proxy_to(route.upstream));
  }
  Json json = {{"match", match_of(route)}, {"handle", std::move(handle)}, {"terminal", true}};
  if (!route.source.empty()) json["@id"] = "cell:" + route.source;
  return json;
}

// Where the guard of a host takes the browser back; ahead of the host's own places.
Json guard_site(const Route& route) {
  return {{"match", Json::array({{{"host", route.hosts}, {"path", Json::array({route.guard->accept})}}})},
          {"handle", Json::array({security_headers(), proxy_to(route.guard->upstream)})},
          {"terminal", true}};
}

Json redirect(const std::string& to) {
  return Json::array(
      {{{"handler", "static_response"},
        {"status_code", 308},
        {"headers", {{"Location", Json::array({to})}, {"Connection", Json::array({"close"})}}}}});
}

Json not_found() {
  return {{"handle", Json::array({{{"handler", "static_response"}, {"status_code", 404}}})},
          {"terminal", true}};
}

Json server(const char* listen, Json protocols, Json routes) {
  return {{"listen", Json::array({listen})},
          {"protocols", std::move(protocols)},
          {"automatic_https", {{"disable", true}}},
          {"read_header_timeout", "10s"},
          {"idle_timeout", "2m"},
          {"max_header_bytes", 65536},
          {"routes", std::move(routes)},
          {"errors", error_pages()}};
}

Json plain_server(const Settings& settings) {
  Json routes = Json::array();
  if (!settings.pki_upstream.empty()) {
    routes.push_back({{"match", Json::array({{{"path", Json::array({"/pki/*"})}}})},
                      {"handle", Json::array({proxy_to(settings.pki_upstream)})},
                      {"terminal", true}});
  }
  // In the tunnel the ports are always 80 and 443; only who named the published port is sent to the published
  // other one.
  if (settings.https_port != 443) {
    routes.push_back(
        {{"match",
          Json::array({{{"vars", {{"{http.request.port}", {std::to_string(settings.http_port)}}}}}})},
         {"handle", redirect("https://{http.request.host}:" + std::to_string(settings.https_port) +
                             "{http.request.uri}")},
         {"terminal", true}});
  }
  routes.push_back(
      {{"handle", redirect("https://{http.request.host}{http.request.uri}")}, {"terminal", true}});
  return server(":80", {"h1"}, std::move(routes));
}

Json secure_server(const Settings& settings) {
  Json routes = Json::array();
  for (const Route& route : settings.routes) {
    if (route.guard) routes.push_back(guard_site(route));
  }
  for (const Route& route : settings.routes) {
    if (!route.hosts.empty()) routes.push_back(site(route));
  }
  routes.push_back(not_found());
  Json json = server(":443", {"h1", "h2"}, std::move(routes));
  json["tls_connection_policies"] = tls_policies(settings);
  return json;
}

Json tls_app(const Settings& settings) {
  Json certificates = Json::object();
  for (const CertificateFiles& files : settings.certificates) {
    Json entry = {{"certificate", files.certificate_file}, {"key", files.key_file}};
    if (!files.tag.empty()) entry["tags"] = Json::array({files.tag});
    certificates["load_files"].push_back(std::move(entry));
  }
  for (const Route& route : settings.routes) {
    if (route.internal_tls) continue;
    for (const std::string& host : route.hosts) certificates["automate"].push_back(host);
  }
  return {{"certificates", std::move(certificates)}};
}

Json logging(const Settings& settings) {
  Json writer =
      settings.log_file.empty()
          ? Json{{"output", "stderr"}}
          : Json{{"output", "file"}, {"filename", settings.log_file}, {"roll_size_mb", 5}, {"roll_keep", 5}};
  return {{"logs",
           {{"default",
             {{"level", settings.log_level.empty() ? "INFO" : settings.log_level},
              {"writer", std::move(writer)},
              {"encoder", {{"format", "json"}}}}}}}};
}

}  // namespace

Json render(const Settings& settings) {
  Json apps = {{"http", {{"grace_period", "5s"}, {"servers", {{"plain", plain_server(settings)}}}}}};
  // Without a certificate there is nothing to serve on :443 yet (before the first setup).
  if (!settings.certificates.empty() || !settings.routes.empty()) {
    apps["http"]["servers"]["secure"] = secure_server(settings);
    apps["tls"] = tls_app(settings);
  }
  // A document that is loaded without its admin block moves the endpoint away, even when it is rejected
  // (Caddy 2.6.2).
  return {{"admin", {{"listen", settings.admin_listen}, {"config", {{"persist", false}}}}},
          {"storage", {{"module", "file_system"}, {"root", settings.storage_path}}},
          {"logging", logging(settings)},
          {"apps", std::move(apps)}};
}

}  // namespace cell::caddy
