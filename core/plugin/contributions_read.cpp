#include "plugin/contributions_read.hpp"

#include "plugin/manifest_read.hpp"

namespace cell::plugin {

namespace {

Expose read_expose(const Json& port) {
  static const std::map<std::string, Expose> kWords{
      {"none", Expose::none}, {"vpn", Expose::vpn}, {"lan", Expose::lan}, {"public", Expose::open}};
  return kWords.at(json_string(port, "expose", "none"));
}

OnChange read_on_change(const Json& container) {
  static const std::map<std::string, OnChange> kWords{{"restart", OnChange::restart},
                                                      {"hup", OnChange::hup},
                                                      {"usr1", OnChange::usr1},
                                                      {"nothing", OnChange::nothing}};
  return kWords.at(json_string(container, "on_change", "restart"));
}

std::map<std::string, std::string> read_map(const Json& object) {
  std::map<std::string, std::string> result;
  for (const auto& [name, value] : object.items()) result[name] = value.get<std::string>();
  return result;
}

std::uint16_t read_port(const Json& object, const char* name) {
  return static_cast<std::uint16_t>(json_int(object, name));
}

PortWish read_port_wish(const Json& json) {
  return {read_port(json, "port"), read_port(json, "container_port"), json_string(json, "protocol") == "tcp",
          read_expose(json)};
}

std::optional<Health> read_health(const Json& container) {
  if (!container.contains("health")) return {};
  const Json& json = container["health"];
  Health health;
  health.command = read_strings(json_member(json, "command"));
  health.interval_s = static_cast<int>(json_int(json, "interval_s", health.interval_s));
  health.timeout_s = static_cast<int>(json_int(json, "timeout_s", health.timeout_s));
  health.start_period_s = static_cast<int>(json_int(json, "start_period_s", health.start_period_s));
  health.retries = static_cast<int>(json_int(json, "retries", health.retries));
  return health;
}

void read_lists(const Json& json, ContainerWish& container) {
  for (const Json& file : json_member(json, "files")) {
    container.files.push_back({json_string(file, "path"), json_string(file, "content"), read_mode(file, 0644),
                               json_bool(file, "secret")});
  }
  for (const Json& volume : json_member(json, "volumes")) {
    container.volumes.push_back(
        {json_string(volume, "volume"), json_string(volume, "path"), json_bool(volume, "read_only")});
  }
  for (const Json& port : json_member(json, "ports")) container.ports.push_back(read_port_wish(port));
}

ContainerWish read_container(const Json& json) {
  ContainerWish container;
  container.name = json_string(json, "name");
  container.image = json_string(json, "image");
  container.command = read_strings(json_member(json, "command"));
  container.environment = read_map(json_member(json, "environment"));
  read_lists(json, container);
  container.tmpfs = read_strings(json_member(json, "tmpfs"));
  container.user = json_string(json, "user");
  container.capabilities = read_strings(json_member(json, "capabilities"));
  container.devices = read_strings(json_member(json, "devices"));
  container.sysctls = read_map(json_member(json, "sysctls"));
  container.read_only = json_bool(json, "read_only", true);
  container.memory_mb = json_int(json, "memory_mb");
  container.pids = json_int(json, "pids");
  container.on_change = read_on_change(json);
  container.after = read_strings(json_member(json, "after"));
  container.health = read_health(json);
  return container;
}

RouteWish read_route(const Json& json, const std::string& label) {
  static const std::map<std::string, RouteAuth> kAuth{
      {"none", RouteAuth::none}, {"login", RouteAuth::login}, {"admin", RouteAuth::admin}};
  RouteWish route;
  route.host = json_string(json, "host", label);
  route.path = json_string(json, "path", "/");
  route.container = json_string(json_member(json, "to"), "container");
  route.port = read_port(json_member(json, "to"), "port");
  route.redirect = json_string(json, "redirect");
  route.auth = kAuth.at(json_string(json, "auth", "login"));
  route.strip_prefix = json_bool(json, "strip_prefix");
  route.web_ui = json_bool(json, "web_ui");
  route.max_body_mb = json_int(json, "max_body_mb");
  route.headers = read_map(json_member(json, "headers"));
  return route;
}

ApiWish read_api(const Json& json) {
  ApiWish api{json_string(json, "method"), json_string(json, "path"), json_string(json, "summary"),
              json_string(json, "access") != "person"};
  const std::int64_t kilobytes = json_int(json, "max_body_kb");
  if (kilobytes > 0) api.max_body = static_cast<std::size_t>(kilobytes) * 1024;
  return api;
}

}  // namespace

Contributions read_contributions(const Json& document, const Manifest& manifest) {
  Contributions result;
  for (const Json& item : json_member(document, "containers"))
    result.containers.push_back(read_container(item));
  for (const Json& item : json_member(document, "volumes")) {
    const std::string backup = json_string(item, "backup");
    result.volumes.push_back({json_string(item, "name"), backup == "hot"    ? Backup::hot
                                                         : backup == "cold" ? Backup::cold
                                                                            : Backup::skip});
  }
  for (const Json& item : json_member(document, "routes"))
    result.routes.push_back(read_route(item, manifest.label));
  for (const Json& item : json_member(document, "well_known"))
    result.well_known.push_back({json_string(item, "name"), json_string(item, "path")});
  for (const Json& item : json_member(document, "dns")) {
    result.dns.push_back({json_string(item, "name"), json_string(item, "type"), json_string(item, "value"),
                          static_cast<std::uint32_t>(json_int(item, "ttl", 300))});
  }
  for (const Json& item : json_member(document, "api")) result.api.push_back(read_api(item));
  for (const Json& item : json_member(document, "schedules"))
    result.schedules.push_back({json_string(item, "name"), json_int(item, "every_s")});
  for (const Json& item : json_member(document, "exits")) {
    result.exits.push_back({json_string(item, "id"), read_text(json_member(item, "name")),
                            json_string(item, "container"), json_bool(item, "ipv6")});
  }
  result.ui = document.value("ui", Json::object());
  return result;
}

}  // namespace cell::plugin
