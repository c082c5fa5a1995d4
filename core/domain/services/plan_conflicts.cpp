#include "domain/services/plan_conflicts.hpp"

#include "domain/services/desired_parts.hpp"
#include "domain/settings/text.hpp"

namespace cell::services {

namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::int64_t kSpareBytes = 512 * kMiB;  // the machine needs some for itself

const std::set<std::string_view>& own_labels() {
  static const std::set<std::string_view> kLabels{"api", "caddy", "cell", "dns", "hub",       "localhost",
                                                  "ns",  "ntp",   "pki",  "vpn", "wireguard", "www"};
  return kLabels;
}

// Who has a name below the cell's domain already; empty: nobody but, maybe, service `id`.
std::string holder_of(const Json& root, const std::string& name, const std::string& id) {
  if (own_labels().contains(name)) return "the cell itself";
  for (const settings::ServiceEntry& entry : settings::services_of(root)) {
    if (entry.id == id) continue;
    const bool has =
        entry.label == name || std::find(entry.hosts.begin(), entry.hosts.end(), name) != entry.hosts.end();
    if (has) return "the service '" + entry.id + "'";
  }
  for (const auto& [peer_id, peer] : json_member(root, "peers").items()) {
    if (settings::lower_ascii(json_string(peer, "dns_label")) == name)
      return "the device '" + json_string(peer, "name") + "'";
  }
  for (const auto& [record_id, record] : json_member(json_member(root, "dns"), "records").items()) {
    if (settings::lower_ascii(json_string(record, "name")) == name) return "one of your DNS records";
  }
  return {};
}

void check_hosts(const Json& root, const Frame& frame, const Active& after, std::vector<Conflict>& out) {
  for (const std::string& host : hosts_of(after.parts)) {
    const std::string holder = holder_of(root, host, after.entry.id);
    if (holder.empty()) continue;
    out.push_back(
        {"host", host + "." + frame.domain, "this name belongs to " + holder, "rename or remove that first"});
  }
}

void check_records(const Json& root, const Frame& frame, const Active& after, std::vector<Conflict>& out) {
  std::set<std::string> told;
  const auto hosts = hosts_of(after.parts);
  for (const plugin::DnsWish& record : after.parts.dns) {
    const std::string name = settings::lower_ascii(record.name);
    if (name == "@" || !told.insert(name).second) continue;
    const std::string holder = holder_of(root, name, after.entry.id);
    if (!holder.empty())
      out.push_back({"dns", name + "." + frame.domain, "this name belongs to " + holder,
                     "rename or remove that first"});
    else if (record.type == "CNAME" && std::find(hosts.begin(), hosts.end(), name) != hosts.end())
      out.push_back({"dns", name + "." + frame.domain, "it is a host of the service and an alias at once",
                     "tell the package's author"});
  }
}

void check_ports(const Frame& frame, const Active& after, const PlanFacts& facts,
                 std::vector<Conflict>& out) {
  const auto add = [&](const plugin::PortWish& port, const std::string& detail, const std::string& fix) {
    out.push_back({"port", std::to_string(port.port) + "/" + (port.is_tcp ? "tcp" : "udp"), detail, fix});
  };
  // What the hub passes on itself.
  const std::set<std::pair<std::uint16_t, bool>> own{{53, true}, {53, false}, {123, false},
                                                     {80, true}, {443, true}, {frame.core.wg_port, false}};
  for (const plugin::ContainerWish& container : after.parts.containers) {
    for (const plugin::PortWish& port : container.ports) {
      if (port.expose == plugin::Expose::none) continue;
      const std::pair key(port.port, port.is_tcp);
      if (own.contains(key)) {
        add(port, "the cell uses this port itself", "tell the package's author");
        continue;
      }
      bool told = false;
      for (const auto& [id, ports] : facts.other_ports) {
        told = told || std::any_of(ports.begin(), ports.end(), [&](const plugin::PortWish& other) {
                 return other.port == port.port && other.is_tcp == port.is_tcp;
               });
        if (told) {
          add(port, "the service '" + id + "' uses this port", "remove that service, or change its options");
          break;
        }
      }
      if (!told && port.expose != plugin::Expose::vpn && facts.busy_ports.contains(key))
        add(port, "another program on this machine uses this port",
            "stop it; 'ss -ltnup' on the machine names it");
    }
  }
}

void check_names(const Frame& frame, const Active& after, const PlanFacts& facts,
                 std::vector<Conflict>& out) {
  for (const plugin::ContainerWish& container : after.parts.containers) {
    const std::string name = object_name(frame, after.entry.id, container.name);
    if (facts.foreign_containers.contains(name))
      out.push_back({"name", name, "a container that does not belong to this cell has this name",
                     "remove it with 'docker rm -f " + name + "'"});
  }
}

}  // namespace

std::vector<Conflict> lost_exits(const Json& root, const std::string& id, const plugin::Contributions& kept) {
  std::set<std::string> names;
  for (const plugin::ExitWish& exit : kept.exits) names.insert(exit_name(id, exit.id));
  std::map<std::string, std::string> devices;  // by exit
  for (const auto& [peer_id, peer] : json_member(root, "peers").items()) {
    const std::string exit = json_string(peer, "exit");
    if (!exit.starts_with(id + "/") || names.contains(exit)) continue;
    std::string& list = devices[exit];
    list += std::string(list.empty() ? "" : ", ") + "'" + json_string(peer, "name") + "'";
  }
  std::vector<Conflict> out;
  for (const auto& [exit, list] : devices)
    out.push_back(
        {"exit", exit, "devices go to the internet through it: " + list, "give them another way out first"});
  return out;
}

std::vector<Conflict> conflicts_of(const Json& root, const Frame& frame, const Active& after,
                                   const PlanFacts& facts) {
  std::vector<Conflict> out;
  check_hosts(root, frame, after, out);
  check_records(root, frame, after, out);
  check_ports(frame, after, facts, out);
  check_names(frame, after, facts, out);
  for (Conflict& lost : lost_exits(root, after.entry.id, after.parts)) out.push_back(std::move(lost));
  const std::int64_t needed = (after.manifest.disk_mb + after.manifest.download_mb) * kMiB;
  if (facts.free_bytes >= 0 && needed > 0 && facts.free_bytes < needed + kSpareBytes)
    out.push_back({"disk", after.entry.id,
                   "it needs " + std::to_string(needed / kMiB) + " MB, and " +
                       std::to_string(facts.free_bytes / kMiB) + " MB are free",
                   "make room on the disk, 512 MB more than it needs"});
  return out;
}

}  // namespace cell::services
