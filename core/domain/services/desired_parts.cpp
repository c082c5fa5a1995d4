#include "domain/services/desired_parts.hpp"

#include <set>

#include "domain/services/addresses.hpp"

namespace cell::services {

namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::int64_t kPids = 512;  // where the package names no limit

// What the container's user has to read; only root sees the folder above.
constexpr unsigned kReadable = 0444;

std::filesystem::path container_folder(const Frame& frame, const Active& service, const std::string& name) {
  return files_folder(frame.core.directory, service.entry.id) / name;
}

// The folder on the machine for a folder in the container.
std::filesystem::path source_of(const std::filesystem::path& folder, const std::string& target) {
  return folder / reconcile::hash_of(target);
}

std::filesystem::path folder_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().lexically_normal();
}

bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

// The folders that are mounted: outermost ones only, because the engine makes no mount points in a folder
// that is mounted for reading.
std::set<std::filesystem::path> mounted_folders(const plugin::ContainerWish& wish) {
  std::set<std::filesystem::path> all;
  for (const plugin::ContainerFile& file : wish.files) all.insert(folder_of(file.path));
  std::set<std::filesystem::path> outermost;
  for (const auto& folder : all) {
    const bool is_inner = std::any_of(
        all.begin(), all.end(), [&](const auto& other) { return other != folder && lies_in(folder, other); });
    if (!is_inner) outermost.insert(folder);
  }
  return outermost;
}

// Where a file of the container lies on the machine.
std::filesystem::path host_path(const std::filesystem::path& folder, const plugin::ContainerWish& wish,
                                const std::string& path) {
  const std::filesystem::path target = std::filesystem::path(path).lexically_normal();
  for (const auto& mounted : mounted_folders(wish)) {
    if (lies_in(target, mounted))
      return source_of(folder, mounted.string()) / target.lexically_relative(mounted);
  }
  return source_of(folder, target.parent_path().string()) / target.filename();
}

engine::HealthCheck health_of(const plugin::Health& health) {
  return {health.command, std::chrono::seconds(health.interval_s), std::chrono::seconds(health.timeout_s),
          std::chrono::seconds(health.start_period_s), health.retries};
}

void add_ports(engine::ContainerSpec& spec, const plugin::ContainerWish& wish, const Frame& frame) {
  for (const plugin::PortWish& port : wish.ports) {
    const char* protocol = port.is_tcp ? "tcp" : "udp";
    if (port.expose == plugin::Expose::open)
      spec.ports.push_back({"", port.port, port.container_port, protocol});
    if (port.expose == plugin::Expose::lan && !frame.lan_address.empty())
      spec.ports.push_back({frame.lan_address, port.port, port.container_port, protocol});
  }
}

void add_mounts(engine::ContainerSpec& spec, const plugin::ContainerWish& wish, const Active& service,
                const Frame& frame) {
  const auto folder = container_folder(frame, service, wish.name);
  for (const auto& target : mounted_folders(wish))
    spec.mounts.push_back({source_of(folder, target.string()).string(), target.string(), false, true});
  for (const plugin::VolumeUse& use : wish.volumes)
    spec.mounts.push_back({object_name(frame, service.entry.id, use.volume), use.path, true, use.read_only});
  for (const std::string& path : wish.tmpfs) spec.tmpfs[path] = "size=64m,mode=1777";
}

engine::ContainerSpec spec_of(const plugin::ContainerWish& wish, const Active& service, const Frame& frame) {
  engine::ContainerSpec spec;
  spec.name = object_name(frame, service.entry.id, wish.name);
  const auto image = service.entry.images.find(wish.image);
  spec.image = image == service.entry.images.end() ? std::string() : image->second;
  spec.command = wish.command;
  spec.environment = wish.environment;
  spec.environment.try_emplace("TZ", frame.timezone.empty() ? "UTC" : frame.timezone);
  spec.drop_all_capabilities = true;
  spec.capabilities = wish.capabilities;
  spec.devices = wish.devices;
  spec.sysctls = wish.sysctls;
  spec.read_only_root = wish.read_only;
  spec.user = wish.user;
  spec.memory_bytes = wish.memory_mb * kMiB;
  spec.pids_limit = wish.pids > 0 ? wish.pids : kPids;
  spec.network = reconcile::core_names(frame.core.instance, frame.core.directory).network;
  if (const auto found = service.entry.addresses.find(wish.name); found != service.entry.addresses.end()) {
    spec.ipv4_address = found->second.ipv4;
    spec.ipv6_address = found->second.ipv6;
  }
  spec.aliases = {wish.name + "." + service.entry.id};
  if (wish.health) spec.health = health_of(*wish.health);
  add_ports(spec, wish, frame);
  add_mounts(spec, wish, service, frame);
  return spec;
}

reconcile::Tell tell_of(plugin::OnChange on_change) {
  switch (on_change) {
    case plugin::OnChange::hup:
      return reconcile::Tell::hangup;
    case plugin::OnChange::usr1:
      return reconcile::Tell::signal;
    case plugin::OnChange::nothing:
      return reconcile::Tell::next_start;
    case plugin::OnChange::restart:
      break;
  }
  return reconcile::Tell::restart;
}

reconcile::FileDocument document_of(const plugin::ContainerWish& wish, const Active& service,
                                    const Frame& frame) {
  reconcile::FileDocument document;
  document.kind = "files";
  document.container = object_name(frame, service.entry.id, wish.name);
  document.tell = tell_of(wish.on_change);
  document.owner = service.entry.id;
  const auto folder = container_folder(frame, service, wish.name);
  document.marker = folder / ".applied";
  document.whole_folders = true;
  for (const plugin::ContainerFile& file : wish.files) {
    document.files.push_back(
        {host_path(folder, wish, file.path), file.content, static_cast<mode_t>(file.mode | kReadable)});
  }
  return document;
}

std::string dial_of(const Active& service, const plugin::RouteWish& route) {
  const auto found = service.entry.addresses.find(route.container);
  if (found == service.entry.addresses.end()) return {};
  return found->second.ipv4 + ":" + std::to_string(route.port);
}

caddy::Guard guard_of(const plugin::RouteWish& route, const Frame& frame) {
  const auto names = reconcile::core_names(frame.core.instance, frame.core.directory);
  return {
      "unix/" + names.celld_socket.string(),
      std::string("/api/auth/proxy/check?role=") + (route.auth == plugin::RouteAuth::admin ? "admin" : "any"),
      "/api/auth/proxy/accept", "X-Cell-Person"};
}

bool is_published(const Active& service, const std::string& host) {
  return service.entry.enabled &&
         std::find(service.entry.hosts.begin(), service.entry.hosts.end(), host) != service.entry.hosts.end();
}

}  // namespace

std::string object_name(const Frame& frame, const std::string& id, const std::string& name) {
  return frame.core.instance + "-" + id + "-" + name;
}

std::filesystem::path files_folder(const std::filesystem::path& cell_directory, const std::string& id) {
  return cell_directory / "config/services" / id;
}

void add_to(reconcile::Desired& desired, const Active& service, const Frame& frame) {
  const std::string& id = service.entry.id;
  for (const plugin::VolumeWish& volume : service.parts.volumes)
    desired.volumes.push_back({id, object_name(frame, id, volume.name)});
  for (const plugin::ContainerWish& wish : service.parts.containers) {
    reconcile::Container container{id, spec_of(wish, service, frame), !service.entry.enabled};
    for (const std::string& name : wish.after) container.after.push_back(object_name(frame, id, name));
    desired.containers.push_back(std::move(container));
    if (!wish.files.empty()) desired.documents.push_back(document_of(wish, service, frame));
  }
}

std::vector<caddy::Route> routes_of(const Active& service, const Frame& frame) {
  std::vector<caddy::Route> routes;
  int number = 0;
  for (const plugin::RouteWish& wish : service.parts.routes) {
    if (!is_published(service, wish.host)) continue;
    caddy::Route route{{wish.host + "." + frame.domain}, dial_of(service, wish)};
    if (route.upstream.empty() && wish.redirect.empty()) continue;
    route.source = service.entry.id + "-" + std::to_string(number++);
    route.path = wish.path;
    route.redirect = wish.redirect;
    route.strip_prefix = wish.strip_prefix;
    route.max_body_bytes = wish.max_body_mb * kMiB;
    route.request_headers = wish.headers;
    if (wish.auth != plugin::RouteAuth::none) route.guard = guard_of(wish, frame);
    routes.push_back(std::move(route));
  }
  // The longest prefix first: the proxy takes the first that fits.
  std::stable_sort(routes.begin(), routes.end(),
                   [](const auto& a, const auto& b) { return a.path.size() > b.path.size(); });
  const auto hosts = hosts_of(service.parts);
  if (hosts.empty() || !is_published(service, hosts.front())) return routes;
  for (const plugin::WellKnown& known : service.parts.well_known) {
    caddy::Route route{{frame.domain}, {}};
    route.source = service.entry.id + "-" + std::to_string(number++);
    route.path = "/.well-known/" + known.name;
    route.redirect = known.path;
    route.redirect_label = hosts.front();
    routes.push_back(std::move(route));
  }
  return routes;
}

std::vector<coredns::Record> records_of(const Active& service) {
  std::vector<coredns::Record> records;
  // Like the hosts, these come when all is healthy.
  const auto hosts = hosts_of(service.parts);
  if (!service.entry.enabled || (!hosts.empty() && service.entry.hosts.empty())) return records;
  for (const plugin::DnsWish& wish : service.parts.dns)
    records.push_back({wish.name, wish.type, wish.value, wish.ttl});
  return records;
}

std::vector<hub::Forward> forwards_of(const Active& service) {
  std::vector<hub::Forward> forwards;
  if (!service.entry.enabled) return forwards;
  for (const plugin::ContainerWish& wish : service.parts.containers) {
    const auto address = service.entry.addresses.find(wish.name);
    if (address == service.entry.addresses.end()) continue;
    for (const plugin::PortWish& port : wish.ports) {
      if (port.expose == plugin::Expose::none) continue;
      forwards.push_back({port.port, port.is_tcp ? "tcp" : "udp", address->second.ipv4, address->second.ipv6,
                          port.container_port, false});
    }
  }
  return forwards;
}

std::string exit_name(const std::string& service_id, const std::string& exit_id) {
  return service_id + "/" + exit_id;
}

std::map<std::string, hub::Exit> exits_of(const Active& service, const Frame& frame) {
  std::map<std::string, hub::Exit> exits;
  for (const plugin::ExitWish& wish : service.parts.exits) {
    const auto address = service.entry.addresses.find(wish.container);
    if (address == service.entry.addresses.end()) continue;
    const auto number = host_number(frame.core, address->second.ipv4);
    if (!number) continue;
    exits[exit_name(service.entry.id, wish.id)] = {*number, address->second.ipv4,
                                                   wish.ipv6 ? address->second.ipv6 : std::string()};
  }
  return exits;
}

std::vector<std::string> hosts_of(const plugin::Contributions& parts) {
  std::vector<std::string> hosts;
  for (const plugin::RouteWish& route : parts.routes) {
    if (std::find(hosts.begin(), hosts.end(), route.host) == hosts.end()) hosts.push_back(route.host);
  }
  return hosts;
}

std::string url_of(const std::string& host, const Frame& frame) {
  const std::string port = frame.core.https_port == 443 ? "" : ":" + std::to_string(frame.core.https_port);
  return "https://" + host + "." + frame.domain + port;
}

std::vector<std::string> web_ui_places_of(const plugin::Contributions& parts) {
  std::vector<std::string> places;
  for (const plugin::RouteWish& route : parts.routes) {
    if (route.web_ui) places.push_back(route.host + route.path);
  }
  return places;
}

std::string address_of(const Active& service, const Frame& frame) {
  const auto hosts = hosts_of(service.parts);
  const std::string open = json_string(service.parts.ui, "open");
  if (hosts.empty() || open.starts_with("https://")) return open;
  return url_of(hosts.front(), frame) + (open.empty() ? "/" : open);
}

}  // namespace cell::services
