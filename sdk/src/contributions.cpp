#include "cell/contributions.hpp"

#include "members.hpp"

namespace cell::sdk {
namespace {

using detail::put;
using detail::put_number;

const char* word(Expose expose) {
  switch (expose) {
    case Expose::none:
      return "none";
    case Expose::vpn:
      return "vpn";
    case Expose::lan:
      return "lan";
    case Expose::open:
      return "public";
  }
  return "none";
}
const char* word(OnChange on_change) {
  switch (on_change) {
    case OnChange::restart:
      return "restart";
    case OnChange::hup:
      return "hup";
    case OnChange::usr1:
      return "usr1";
    case OnChange::nothing:
      return "nothing";
  }
  return "restart";
}
const char* word(Backup backup) {
  switch (backup) {
    case Backup::hot:
      return "hot";
    case Backup::cold:
      return "cold";
    case Backup::skip:
      return "skip";
  }
  return "hot";
}
const char* word(RouteAuth auth) {
  switch (auth) {
    case RouteAuth::none:
      return "none";
    case RouteAuth::login:
      return "login";
    case RouteAuth::admin:
      return "admin";
  }
  return "login";
}

Json one(const File& file) {
  Json json = {{"path", file.path}, {"content", file.content}};
  put(json, "mode", file.mode);
  if (file.secret) json["secret"] = true;
  return json;
}

Json one(const VolumeUse& use) {
  Json json = {{"volume", use.volume}, {"path", use.path}};
  if (use.read_only) json["read_only"] = true;
  return json;
}

Json one(const Port& port) {
  return {{"port", port.port},
          {"container_port", port.container_port},
          {"protocol", port.protocol == Protocol::tcp ? "tcp" : "udp"},
          {"expose", word(port.expose)}};
}

Json one(const Health& health) {
  Json json = {{"command", health.command}};
  put_number(json, "interval_s", health.interval_s);
  put_number(json, "timeout_s", health.timeout_s);
  put_number(json, "start_period_s", health.start_period_s);
  put_number(json, "retries", health.retries);
  return json;
}

Json one(const Volume& volume) { return {{"name", volume.name}, {"backup", word(volume.backup)}}; }

Json one(const WebRoute& route) {
  Json json = {{"auth", word(route.auth)}};
  put(json, "host", route.host);
  put(json, "path", route.path);
  if (route.to) json["to"] = {{"container", route.to->container}, {"port", route.to->port}};
  put(json, "redirect", route.redirect);
  if (route.strip_prefix) json["strip_prefix"] = true;
  put_number(json, "max_body_mb", route.max_body_mb);
  put(json, "headers", route.headers);
  if (route.web_ui) json["web_ui"] = true;
  return json;
}

Json one(const WellKnown& well_known) { return {{"name", well_known.name}, {"path", well_known.path}}; }

Json one(const DnsRecord& record) {
  Json json = {{"name", record.name}, {"type", record.type}, {"value", record.value}};
  put_number(json, "ttl", record.ttl);
  return json;
}

Json one(const Route& route) {
  Json json = {{"method", route.method},
               {"path", route.path},
               {"access", route.access == Access::admin ? "admin" : "person"},
               {"summary", route.summary}};
  put_number(json, "max_body_kb", route.max_body_kb);
  return json;
}

Json one(const Schedule& schedule) { return {{"name", schedule.name}, {"every_s", schedule.every_s}}; }

Json one(const Exit& exit) {
  Json json = {{"id", exit.id}, {"name", exit.name}, {"container", exit.container}};
  if (exit.ipv6) json["ipv6"] = true;
  return json;
}

Json one(const Container& container);

template <class T>
void put_list(Json& object, const char* name, const std::vector<T>& values) {
  for (const T& value : values) object[name].push_back(one(value));
}

Json one(const Container& container) {
  Json json = {{"name", container.name}, {"image", container.image}};
  put(json, "command", container.command);
  put(json, "environment", container.environment);
  put_list(json, "files", container.files);
  put_list(json, "volumes", container.volumes);
  put(json, "tmpfs", container.tmpfs);
  put_list(json, "ports", container.ports);
  put(json, "user", container.user);
  put(json, "capabilities", container.capabilities);
  put(json, "devices", container.devices);
  put(json, "sysctls", container.sysctls);
  if (!container.read_only) json["read_only"] = false;
  put_number(json, "memory_mb", container.memory_mb);
  put_number(json, "pids", container.pids);
  if (container.on_change != OnChange::restart) json["on_change"] = word(container.on_change);
  put(json, "after", container.after);
  if (container.health) json["health"] = one(*container.health);
  return json;
}

}  // namespace

Json to_json(const Contributions& contributions) {
  Json json = Json::object();
  put_list(json, "containers", contributions.containers);
  put_list(json, "volumes", contributions.volumes);
  put_list(json, "routes", contributions.routes);
  put_list(json, "well_known", contributions.well_known);
  put_list(json, "dns", contributions.dns);
  put_list(json, "api", contributions.api);
  put_list(json, "schedules", contributions.schedules);
  put_list(json, "exits", contributions.exits);
  put(json, "ui", to_json(contributions.ui));
  return json;
}

}  // namespace cell::sdk
