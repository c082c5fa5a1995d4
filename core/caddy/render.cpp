#include "caddy/admin.hpp"
#include "caddy/error_pages.hpp"

namespace cell::caddy {

namespace {

// Caddy refuses connections to :443 whose name has no certificate; a browser that comes by address gets the
// first host's.
Json tls_policies(const Settings& settings) {
  Json policy = Json::object();
  for (const Route& route : settings.routes) {
    if (!route.hosts.empty()) {
      policy["default_sni"] = route.hosts.front();
      break;
    }
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

Json site(const Route& route) {
  Json json = {{"match", Json::array({{{"host", route.hosts}}})},
               {"handle", Json::array({security_headers(), proxy_to(route.upstream)})},
               {"terminal", true}};
  if (!route.source.empty()) json["@id"] = "cell:" + route.source;
  return json;
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
