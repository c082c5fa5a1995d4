#include <arpa/inet.h>

#include "plugin/container_checks.hpp"
#include "plugin/contributions_read.hpp"

namespace cell::plugin {

namespace {

std::string place(const char* list, std::size_t index) {
  return "/" + std::string(list) + "/" + std::to_string(index);
}

// Reports each item of `list` whose key has been there before.
template <class List, class Key>
void check_unique(const List& list, const char* name, const Key& key, std::vector<FieldError>& problems) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string text = key(list[i]);
    if (!seen.insert(text).second) problems.push_back({place(name, i), "'" + text + "' stands there twice"});
  }
}

bool is_address(int family, const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(family, text.c_str(), bytes.data()) == 1;
}

// Containers that wait for one another would all wait for ever.
void check_order(const std::vector<ContainerWish>& containers, std::vector<FieldError>& problems) {
  std::set<std::string> started;
  for (std::size_t round = 0; round < containers.size(); ++round) {
    for (const ContainerWish& container : containers) {
      const auto is_up = [&](const std::string& name) { return started.contains(name); };
      if (std::all_of(container.after.begin(), container.after.end(), is_up)) started.insert(container.name);
    }
  }
  for (std::size_t i = 0; i < containers.size(); ++i) {
    if (!started.contains(containers[i].name))
      problems.push_back(
          {place("containers", i) + "/after", "waits for a container that waits for this one"});
  }
}

void check_ports(const std::vector<ContainerWish>& containers, std::vector<FieldError>& problems) {
  std::set<std::pair<std::uint16_t, bool>> taken;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    for (std::size_t j = 0; j < containers[i].ports.size(); ++j) {
      const PortWish& port = containers[i].ports[j];
      if (port.expose == Expose::none || taken.emplace(port.port, port.is_tcp).second) continue;
      problems.push_back({place("containers", i) + "/ports/" + std::to_string(j),
                          "port " + std::to_string(port.port) + " is given twice"});
    }
  }
}

void check_route(const RouteWish& route, const ContainerNames& names, const std::string& pointer,
                 std::vector<FieldError>& problems) {
  if (route.container.empty() == route.redirect.empty())
    problems.push_back({pointer, "needs 'to' or 'redirect', and not both"});
  if (!route.container.empty() && !names.containers.contains(route.container))
    problems.push_back(
        {pointer + "/to/container", "'" + route.container + "' is no container of the service"});
  if (route.path != "/" &&
      !is_plain_path(route.path.ends_with('/') ? route.path.substr(0, route.path.size() - 1) : route.path))
    problems.push_back({pointer + "/path", "must not hold '.', '..' or '//'"});
  if (route.web_ui && (route.container.empty() || route.auth == RouteAuth::none))
    problems.push_back({pointer + "/web_ui", "is only for a route with 'to', and 'auth' login or admin"});
  for (const auto& [name, value] : route.headers) {
    if (route.auth == RouteAuth::none && value.find("{person}") != std::string::npos)
      problems.push_back(
          {pointer + "/headers/" + name, "'{person}' is known only where 'auth' is login or admin"});
  }
}

void check_dns(const DnsWish& record, const std::string& pointer, std::vector<FieldError>& problems) {
  const bool is_cell = record.value == "{cell}";
  if (record.type == "A" && !is_cell && !is_address(AF_INET, record.value))
    problems.push_back({pointer + "/value", "must be an IPv4 address or {cell}"});
  if (record.type == "AAAA" && !is_cell && !is_address(AF_INET6, record.value))
    problems.push_back({pointer + "/value", "must be an IPv6 address or {cell}"});
  if (record.type == "CNAME" && record.name == "@")
    problems.push_back({pointer + "/type", "the cell's domain itself cannot be a CNAME"});
}

// The certificate authorities' names must never be a service's.
void check_well_known(const Contributions& contributions, std::vector<FieldError>& problems) {
  static const std::set<std::string> kTaken{"acme-challenge", "pki-validation", "cell"};
  for (std::size_t i = 0; i < contributions.well_known.size(); ++i) {
    if (kTaken.contains(contributions.well_known[i].name))
      problems.push_back({place("well_known", i) + "/name", "belongs to the cell itself"});
  }
}

void check_api(const ApiWish& api, const std::string& pointer, std::vector<FieldError>& problems) {
  std::set<std::string> seen;
  for (auto open = api.path.find('{'); open != std::string::npos; open = api.path.find('{', open + 1)) {
    const auto close = api.path.find('}', open);
    std::string name = api.path.substr(open + 1, close - open - 1);
    if (name.ends_with('*')) {
      name.pop_back();
      if (close + 1 != api.path.size())
        problems.push_back({pointer + "/path", "'{" + name + "*}' must be the last part"});
    }
    if (!seen.insert(name).second)
      problems.push_back({pointer + "/path", "'{" + name + "}' stands there twice"});
  }
}

// A container has one way out, so two exits through one would be the same under two names.
void check_exits(const Contributions& all, const ContainerNames& names, std::vector<FieldError>& problems) {
  std::set<std::string> used;
  for (std::size_t i = 0; i < all.exits.size(); ++i) {
    const std::string& container = all.exits[i].container;
    const std::string pointer = place("exits", i) + "/container";
    if (!names.containers.contains(container))
      problems.push_back({pointer, "'" + container + "' is no container of the service"});
    if (!used.insert(container).second)
      problems.push_back({pointer, "'" + container + "' is an exit already"});
  }
}

void check_names(const Contributions& all, std::vector<FieldError>& problems) {
  const auto name = [](const auto& item) { return item.name; };
  check_unique(all.containers, "containers", name, problems);
  check_unique(all.volumes, "volumes", name, problems);
  check_unique(all.well_known, "well_known", name, problems);
  check_unique(all.schedules, "schedules", name, problems);
  check_unique(
      all.exits, "exits", [](const ExitWish& exit) { return exit.id; }, problems);
  check_unique(
      all.routes, "routes", [](const RouteWish& route) { return route.host + " " + route.path; }, problems);
  check_unique(
      all.api, "api", [](const ApiWish& api) { return api.method + " " + api.path; }, problems);
  check_unique(
      all.dns, "dns",
      [](const DnsWish& record) { return record.name + " " + record.type + " " + record.value; }, problems);
}

}  // namespace

void check_consistency(const Contributions& contributions, const Manifest& manifest,
                       std::vector<FieldError>& problems) {
  check_names(contributions, problems);
  ContainerNames names;
  for (const ContainerWish& container : contributions.containers) names.containers.insert(container.name);
  for (const VolumeWish& volume : contributions.volumes) names.volumes.insert(volume.name);
  for (const auto& [key, image] : manifest.images) names.images.insert(key);
  for (std::size_t i = 0; i < contributions.containers.size(); ++i)
    check_container(contributions.containers[i], names, place("containers", i), problems);
  if (problems.empty()) check_order(contributions.containers, problems);
  check_ports(contributions.containers, problems);
  for (std::size_t i = 0; i < contributions.routes.size(); ++i)
    check_route(contributions.routes[i], names, place("routes", i), problems);
  for (std::size_t i = 0; i < contributions.dns.size(); ++i)
    check_dns(contributions.dns[i], place("dns", i), problems);
  check_well_known(contributions, problems);
  check_exits(contributions, names, problems);
  for (std::size_t i = 0; i < contributions.api.size(); ++i)
    check_api(contributions.api[i], place("api", i), problems);
}

}  // namespace cell::plugin
