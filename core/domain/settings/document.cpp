#include "domain/settings/document.hpp"

namespace cell::settings {

namespace {

constexpr int kSchemaVersion = 1;
constexpr std::size_t kMaxMembers =
    20'000;  // peers, people, records: far above a household, far below a minute of work

Json text(std::size_t max) { return {{"type", "string"}, {"maxLength", max}}; }
Json number(std::int64_t min, std::int64_t max) {
  return {{"type", "integer"}, {"minimum", min}, {"maximum", max}};
}
Json flag() { return {{"type", "boolean"}}; }
Json time() { return {{"type", "string"}, {"format", "date-time"}}; }
Json choice(const std::vector<std::string>& values) { return {{"type", "string"}, {"enum", values}}; }
Json list(Json items, std::size_t max) {
  return {{"type", "array"}, {"items", std::move(items)}, {"maxItems", max}};
}
Json map(Json values) {
  return {{"type", "object"}, {"additionalProperties", std::move(values)}, {"maxProperties", kMaxMembers}};
}

// Members; a name that ends in '?' may be missing.
Json object(const std::vector<std::pair<std::string, Json>>& members) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& [name, schema] : members) {
    const bool optional = name.back() == '?';
    const std::string key = optional ? name.substr(0, name.size() - 1) : name;
    properties[key] = schema;
    if (!optional) required.push_back(key);
  }
  return {{"type", "object"},
          {"properties", properties},
          {"required", required},
          {"additionalProperties", false}};
}

Json identity_schema() {
  return object({{"cell_name", text(32)},
                 {"domain", object({{"mode", choice({"local"})}, {"name", text(253)}})},
                 {"timezone", text(64)},
                 {"endpoint_host", text(253)},
                 {"setup_complete", flag()}});
}

Json person_schema() {
  return object({{"name", text(64)},
                 {"role", choice({"admin", "peer"})},
                 {"created_at", time()},
                 {"password_changed_at", time()}});
}

Json peer_schema() {
  const Json policy =
      object({{"internet", flag()}, {"lan", flag()}, {"peers", flag()}, {"services", flag()}});
  return object({{"name", text(64)},
                 {"dns_label?", text(63)},
                 {"owner_id?", text(64)},
                 {"tags", list(text(64), 64)},
                 {"enabled", flag()},
                 {"disabled_by?", text(64)},
                 {"public_key", text(44)},
                 {"key_origin", choice({"browser", "server"})},
                 {"addresses", list(text(64), 8)},
                 {"policy", policy},
                 {"exit?", text(100)},
                 {"expires_at?", time()},
                 {"created_at", time()},
                 {"updated_at", time()}});
}

Json dns_schema() {
  const Json record = object({{"name", text(253)},
                              {"type", choice({"A", "AAAA", "CNAME", "TXT", "MX", "SRV"})},
                              {"value", text(4096)},
                              {"ttl", number(1, 604'800)},
                              {"comment?", text(256)}});
  return object({{"upstreams", list(text(253), 16)}, {"records", map(record)}});
}

Json logging_schema() {
  const Json level = text(16);
  return object({{"core", object({{"root", level}, {"services", map(level)}})},
                 {"containers",
                  object({{"caddy", level}, {"coredns", level}, {"wireguard", level}, {"api?", level}})}});
}

Json service_schema() {
  const Json address = object({{"ipv4", text(15)}, {"ipv6?", text(39)}});
  return object({{"version", text(64)},
                 {"package", text(64)},
                 {"source", text(64)},
                 {"label", text(32)},
                 {"options", {{"type", "object"}}},  // the package's own schema says more
                 {"enabled", flag()},
                 {"isolated?", flag()},
                 {"installed_at", time()},
                 {"addresses", map(address)},
                 {"images", map(text(512))},
                 {"hosts", list(text(32), 64)},
                 {"web_ui?", list(text(240), 32)},
                 {"quotas", map(number(1, 100'000'000))}});
}

Json store_schema() {
  const Json source = object({{"location", text(1024)},
                              {"key", text(44)},
                              {"key_id", text(64)},
                              {"allowed_ids", list(text(64), 64)}});
  return object({{"sources", map(source)}});
}

Json build_schema() {
  Json schema = object(
      {{"schema", {{"const", kSchemaVersion}}},
       {"revision?", number(0, std::int64_t{1} << 53)},
       {"identity", identity_schema()},
       {"people", map(person_schema())},
       {"network", object({{"ipv4_pool", text(18)},
                           {"ipv6_pool", text(43)},
                           {"mtu", number(1280, 9000)},
                           {"persistent_keepalive", number(0, 65'535)},
                           {"client_allowed_ips?", list(text(43), 64)}})},
       {"peers", map(peer_schema())},
       {"dns", dns_schema()},
       {"ntp", object({{"servers", list(text(253), 16)}})},
       {"logging", logging_schema()},
       {"session", object({{"idle_s", number(60, 2'592'000)}, {"absolute_s", number(300, 31'536'000)}})},
       {"containers?", object({{"stopped", list(text(128), 1000)}})},
       {"services?", map(service_schema())},
       {"store?", store_schema()}});
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  return schema;
}

}  // namespace

Json initial_document(const std::string& ipv6_pool) {
  const Json containers = {{"caddy", "info"}, {"coredns", "error"}, {"wireguard", "info"}};
  return {
      {"schema", kSchemaVersion},
      {"revision", 0},
      {"identity",
       {{"cell_name", ""},
        {"domain", {{"mode", "local"}, {"name", ""}}},
        {"timezone", "UTC"},
        {"endpoint_host", ""},
        {"setup_complete", false}}},
      {"people", Json::object()},
      {"network",
       {{"ipv4_pool", "10.13.13.0/24"},
        {"ipv6_pool", ipv6_pool},
        {"mtu", 1420},
        {"persistent_keepalive", 25},
        {"client_allowed_ips", {"0.0.0.0/0", "::/0"}}}},
      {"peers", Json::object()},
      {"dns", {{"upstreams", {"9.9.9.9", "149.112.112.112"}}, {"records", Json::object()}}},
      {"ntp", {{"servers", {"pool.ntp.org"}}}},
      {"logging", {{"core", {{"root", "info"}, {"services", Json::object()}}}, {"containers", containers}}},
      {"session", {{"idle_s", 1800}, {"absolute_s", 43'200}}},
      {"containers", {{"stopped", Json::array()}}}};
}

const Json& document_schema() {
  static const Json schema = build_schema();
  return schema;
}

Identity identity_of(const Json& root) {
  const Json& section = json_member(root, "identity");
  const Json& domain = json_member(section, "domain");
  return {json_string(section, "cell_name"),     json_string(domain, "mode", "local"),
          json_string(domain, "name"),           json_string(section, "timezone", "UTC"),
          json_string(section, "endpoint_host"), json_bool(section, "setup_complete")};
}

Tunnel tunnel_of(const Json& root) {
  const Json& section = json_member(root, "network");
  Tunnel tunnel{json_string(section, "ipv4_pool"),
                json_string(section, "ipv6_pool"),
                static_cast<std::uint16_t>(json_int(section, "mtu", 1420)),
                static_cast<std::uint16_t>(json_int(section, "persistent_keepalive", 25)),
                {}};
  for (const Json& range : json_member(section, "client_allowed_ips")) {
    if (range.is_string()) tunnel.client_allowed_ips.push_back(range.get<std::string>());
  }
  if (tunnel.client_allowed_ips.empty()) tunnel.client_allowed_ips = {"0.0.0.0/0", "::/0"};
  return tunnel;
}

SessionLimits session_limits_of(const Json& root) {
  const Json& section = json_member(root, "session");
  return {json_int(section, "idle_s", 1800), json_int(section, "absolute_s", 43'200)};
}

std::set<std::string> stopped_containers_of(const Json& root) {
  std::set<std::string> names;
  for (const Json& name : json_member(json_member(root, "containers"), "stopped")) {
    if (name.is_string()) names.insert(name.get<std::string>());
  }
  return names;
}

bool set_container_stopped(Json& root, const std::string& name, bool stopped) {
  std::set<std::string> names = stopped_containers_of(root);
  const bool changed = stopped ? names.insert(name).second : names.erase(name) > 0;
  if (changed) root["containers"]["stopped"] = names;
  return changed;
}

}  // namespace cell::settings
