#include "domain/proxy/document.hpp"

#include "base/log.hpp"
#include "domain/settings/document.hpp"

namespace cell::proxy {

namespace {

// A unix socket as Caddy writes its address.
std::string socket_address(const std::filesystem::path& socket) { return "unix/" + socket.string(); }

// Caddy has no trace; what it calls panic is our critical.
std::string log_level_of(const Json& root) {
  const Json& containers = json_member(json_member(root, "logging"), "containers");
  const auto level = log::parse_level(json_string(containers, "caddy", "info"));
  if (!level) return "INFO";
  switch (*level) {
    case log::Level::trace:
    case log::Level::debug:
      return "DEBUG";
    case log::Level::warn:
      return "WARN";
    case log::Level::error:
      return "ERROR";
    case log::Level::critical:
    case log::Level::off:
      return "PANIC";
    case log::Level::info:
      break;
  }
  return "INFO";
}

}  // namespace

std::vector<caddy::Route> routes_of(const Json& root, const settings::Place& place) {
  const std::string domain = settings::identity_of(root).domain_name;
  if (domain.empty()) return {};
  // A service's well-known names are below the cell's own host, so the cell's own page comes last.
  std::vector<caddy::Route> routes = place.services.routes;
  routes.push_back({{domain}, socket_address(place.names().celld_socket), true, "core"});
  return routes;
}

reconcile::CaddyDocument caddy_document(const Json& root, const settings::Place& place,
                                        const std::optional<caddy::CertificateFiles>& certificate) {
  const reconcile::CoreNames names = place.names();
  caddy::Settings settings;
  settings.admin_listen = socket_address(names.caddy_admin_socket);
  settings.storage_path = names.caddy_data.string();
  settings.pki_upstream = socket_address(names.celld_socket);
  settings.log_level = log_level_of(root);
  settings.http_port = place.core.http_port;
  settings.https_port = place.core.https_port;
  if (certificate) {
    settings.routes = routes_of(root, place);
    settings.certificates = {*certificate};
  }
  return {caddy::render(settings), {}, names.caddy_saved, names.caddy};
}

}  // namespace cell::proxy
