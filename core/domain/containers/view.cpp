#include "domain/containers/view.hpp"

#include "base/clock.hpp"
#include "reconcile/desired.hpp"

namespace cell::containers {

namespace {

std::string label(const std::map<std::string, std::string>& labels, const char* key) {
  const auto found = labels.find(key);
  return found == labels.end() ? std::string{} : found->second;
}

Json nullable(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json ports_of(const std::vector<engine::PortMapping>& ports) {
  Json list = Json::array();
  for (const engine::PortMapping& port : ports) {
    Json item = {{"container_port", port.container_port}, {"protocol", port.protocol}};
    item["host_port"] = port.host_port == 0 ? Json(nullptr) : Json(port.host_port);
    if (!port.host_ip.empty()) item["host_ip"] = port.host_ip;
    list.push_back(std::move(item));
  }
  return list;
}

// Of an engine that knows others than Docker's.
std::string known_state(const std::string& state) {
  for (const char* known : {"created", "running", "paused", "restarting", "removing", "exited", "dead"}) {
    if (state == known) return state;
  }
  return "unknown";
}

Json environment_names(const Json& environment) {
  Json names = Json::array();
  for (const Json& entry : environment) {
    if (entry.is_string())
      names.push_back(entry.get<std::string>().substr(0, entry.get_ref<const std::string&>().find('=')));
  }
  return names;
}

Json mounts_of(const Json& mounts) {
  Json list = Json::array();
  for (const Json& mount : mounts) {
    const std::string name = json_string(mount, "Name");
    list.push_back({{"source", name.empty() ? json_string(mount, "Source") : name},
                    {"target", json_string(mount, "Destination")},
                    {"read_only", !json_bool(mount, "RW", true)}});
  }
  return list;
}

Json network_names(const Json& networks) {
  Json names = Json::array();
  for (const auto& [name, unused] : networks.items()) names.push_back(name);
  return names;
}

Json list_or_empty(const Json& list) { return list.is_array() ? list : Json::array(); }

// The engine says "0001-01-01T00:00:00Z" for "never".
Json time_or_null(const std::string& text) {
  return text.empty() || text.starts_with("0001-") ? Json(nullptr) : Json(text);
}

}  // namespace

bool is_own(const engine::ContainerSummary& container, const std::string& instance) {
  return label(container.labels, reconcile::kLabelInstance) == instance ||
         container.name == instance + "-api";
}

std::string health_of(const std::string& status) {
  for (const char* health : {"(healthy)", "(unhealthy)"}) {
    if (status.ends_with(health)) return std::string(health).substr(1, std::string(health).size() - 2);
  }
  return status.ends_with("(health: starting)") ? "starting" : "";
}

Json to_json(const engine::ContainerSummary& container, const std::string& instance) {
  const bool own = is_own(container, instance);
  std::string owner = own ? label(container.labels, reconcile::kLabelOwner) : std::string{};
  if (own && owner.empty()) owner = "core";
  return {{"id", container.id},
          {"name", container.name},
          {"image", container.image},
          {"state", known_state(container.state)},
          {"status", container.status},
          {"health", nullable(health_of(container.status))},
          {"owner", nullable(owner)},
          {"core", owner == "core"},
          {"read_only", !own},
          {"ports", ports_of(container.ports)},
          {"addresses", container.addresses}};
}

Json details_of(const Json& inspection, bool is_own) {
  const Json& state = json_member(inspection, "State");
  const Json& config = json_member(inspection, "Config");
  const Json& host = json_member(inspection, "HostConfig");
  Json details = {
      {"created_at", time_or_null(json_string(inspection, "Created"))},
      {"started_at", time_or_null(json_string(state, "StartedAt"))},
      {"finished_at", time_or_null(json_string(state, "FinishedAt"))},
      {"exit_code", json_int(state, "ExitCode")},
      {"restart_count", json_int(inspection, "RestartCount")},
      {"restart_policy", json_string(json_member(host, "RestartPolicy"), "Name")},
      {"environment", environment_names(json_member(config, "Env"))},
      {"mounts", mounts_of(json_member(inspection, "Mounts"))},
      {"networks", network_names(json_member(json_member(inspection, "NetworkSettings"), "Networks"))},
      {"capabilities", list_or_empty(json_member(host, "CapAdd"))},
      {"privileged", json_bool(host, "Privileged")},
      {"command", Json::array()}};
  if (!is_own) return details;
  for (const char* part : {"Entrypoint", "Cmd"}) {
    for (const Json& word : json_member(config, part)) details["command"].push_back(word);
  }
  return details;
}

Json to_json(const engine::ContainerStats& stats) {
  return {{"name", stats.name},
          {"cpu_percent", stats.cpu_percent},
          {"memory_bytes", stats.memory_bytes},
          {"memory_limit_bytes", stats.memory_limit_bytes},
          {"rx_bytes", stats.rx_bytes},
          {"tx_bytes", stats.tx_bytes},
          {"pids", stats.pids}};
}

Json to_json(const engine::ImageSummary& image) {
  return {{"id", image.id},
          {"references", image.references},
          {"size_bytes", image.size_bytes},
          {"created_at", format_time(from_unix(image.created))}};
}

Json to_json(const engine::VolumeSummary& volume, const std::string& instance) {
  const bool own = label(volume.labels, reconcile::kLabelInstance) == instance;
  const std::string owner = own ? label(volume.labels, reconcile::kLabelOwner) : std::string{};
  return {{"name", volume.name}, {"owner", nullable(owner)}, {"read_only", !own}};
}

}  // namespace cell::containers
