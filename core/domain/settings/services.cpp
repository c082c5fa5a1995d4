#include "domain/settings/services.hpp"

namespace cell::settings {

namespace {

ServiceEntry entry_of(const std::string& id, const Json& json) {
  ServiceEntry entry{id,
                     json_string(json, "version"),
                     json_string(json, "package"),
                     json_string(json, "source"),
                     json_string(json, "label"),
                     json.value("options", Json::object()),
                     json_bool(json, "enabled", true),
                     std::nullopt,
                     json_string(json, "installed_at")};
  if (json.contains("isolated")) entry.isolated = json_bool(json, "isolated");
  for (const auto& [name, address] : json_member(json, "addresses").items())
    entry.addresses[name] = {json_string(address, "ipv4"), json_string(address, "ipv6")};
  for (const auto& [key, reference] : json_member(json, "images").items())
    entry.images[key] = reference.get<std::string>();
  for (const Json& host : json_member(json, "hosts")) entry.hosts.push_back(host.get<std::string>());
  for (const Json& place : json_member(json, "web_ui")) entry.web_ui.push_back(place.get<std::string>());
  for (const auto& [person, quota] : json_member(json, "quotas").items())
    entry.quotas[person] = quota.get<std::int64_t>();
  return entry;
}

}  // namespace

std::vector<ServiceEntry> services_of(const Json& root) {
  std::vector<ServiceEntry> entries;
  for (const auto& [id, json] : json_member(root, "services").items()) entries.push_back(entry_of(id, json));
  return entries;
}

std::optional<ServiceEntry> service_of(const Json& root, const std::string& id) {
  const Json& section = json_member(root, "services");
  const auto found = section.find(id);
  if (found == section.end()) return std::nullopt;
  return entry_of(id, *found);
}

Json to_json(const ServiceEntry& entry) {
  Json addresses = Json::object();
  for (const auto& [name, address] : entry.addresses) {
    addresses[name] = {{"ipv4", address.ipv4}};
    if (!address.ipv6.empty()) addresses[name]["ipv6"] = address.ipv6;
  }
  Json json = {{"version", entry.version},
               {"package", entry.package},
               {"source", entry.source},
               {"label", entry.label},
               {"options", entry.options},
               {"enabled", entry.enabled},
               {"installed_at", entry.installed_at},
               {"addresses", std::move(addresses)},
               {"images", entry.images},
               {"hosts", entry.hosts},
               {"web_ui", entry.web_ui},
               {"quotas", entry.quotas}};
  if (entry.isolated) json["isolated"] = *entry.isolated;
  return json;
}

void put_service(Json& root, const ServiceEntry& entry) { root["services"][entry.id] = to_json(entry); }

void drop_service(Json& root, const std::string& id) {
  if (root.contains("services")) root["services"].erase(id);
}

std::vector<std::string> service_hosts_of(const Json& root) {
  std::vector<std::string> hosts;
  for (const ServiceEntry& entry : services_of(root)) {
    if (entry.enabled) hosts.insert(hosts.end(), entry.hosts.begin(), entry.hosts.end());
  }
  return hosts;
}

std::vector<std::string> web_ui_places_of(const Json& root) {
  std::vector<std::string> places;
  for (const ServiceEntry& entry : services_of(root)) {
    if (entry.enabled) places.insert(places.end(), entry.web_ui.begin(), entry.web_ui.end());
  }
  return places;
}

std::vector<StoreSource> store_sources_of(const Json& root) {
  std::vector<StoreSource> sources;
  for (const auto& [name, json] : json_member(json_member(root, "store"), "sources").items()) {
    StoreSource source{
        name, json_string(json, "location"), json_string(json, "key"), json_string(json, "key_id"), {}};
    for (const Json& id : json_member(json, "allowed_ids"))
      source.allowed_ids.push_back(id.get<std::string>());
    sources.push_back(std::move(source));
  }
  return sources;
}

void put_store_source(Json& root, const StoreSource& source) {
  root["store"]["sources"][source.name] = {{"location", source.location},
                                           {"key", source.key},
                                           {"key_id", source.key_id},
                                           {"allowed_ids", source.allowed_ids}};
}

}  // namespace cell::settings
