#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

// Sections `services` and `store` of the configuration.
namespace cell::settings {

struct ServiceAddress {
  std::string ipv4;
  std::string ipv6;  // empty where the cell's network has none
  bool operator==(const ServiceAddress&) const = default;
};

// One installed service.
struct ServiceEntry {
  std::string id;
  std::string version;
  std::string package;  // SHA-256 of its package, hex
  std::string source;   // name of the store it came from
  std::string label;
  Json options = Json::object();  // without those that are secret
  bool enabled = true;            // false: its owner stopped it
  std::optional<bool> isolated{};
  std::string installed_at;                           // RFC 3339
  std::map<std::string, ServiceAddress> addresses{};  // by container
  std::map<std::string, std::string> images{};        // reference of each of the manifest's images
  std::vector<std::string> hosts{};                   // published: labels below the cell's domain
  std::vector<std::string> web_ui{};                  // of these, what the web UI asks: "files/_cell/"
  std::map<std::string, std::int64_t> quotas{};       // MB, by person
};

// By id. Pure.
std::vector<ServiceEntry> services_of(const Json& root);
std::optional<ServiceEntry> service_of(const Json& root, const std::string& id);
Json to_json(const ServiceEntry& entry);  // the member of section `services`
void put_service(Json& root, const ServiceEntry& entry);
void drop_service(Json& root, const std::string& id);
// Labels that lead to services that are published and not stopped, in lower case.
std::vector<std::string> service_hosts_of(const Json& root);
// What the web UI asks of them: label and path, like "files/_cell/".
std::vector<std::string> web_ui_places_of(const Json& root);

// A store beside the one that ships with the product.
struct StoreSource {
  std::string name;
  std::string location;  // folder or URL
  std::string key;       // Ed25519, base64 of 32 bytes
  std::string key_id;
  std::vector<std::string> allowed_ids;  // "org.example." and all below it; empty: none
};
std::vector<StoreSource> store_sources_of(const Json& root);
void put_store_source(Json& root, const StoreSource& source);

}  // namespace cell::settings
