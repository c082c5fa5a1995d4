#include "api/wireguard_routes.hpp"

#include <filesystem>

#include "api/auth_gate.hpp"
#include "domain/peers/checks.hpp"
#include "domain/peers/tunnel_settings.hpp"
#include "domain/settings/document.hpp"

namespace cell::api {

namespace {

constexpr const char* kInterface = "wg0";

// Before the hub was heard of: what it will use on this machine.
std::string expected_backend() {
  std::error_code ignored;
  return std::filesystem::exists("/sys/module/wireguard", ignored) ? "kernel" : "userspace";
}

std::string state_of(const peers::HubLive& hub) {
  if (!hub.looked) return "pending";
  if (!hub.status || !hub.status->up) return "down";
  return hub.status->document_hash.empty() ? "pending" : "up";
}

Result<Json> to_json(const PeersParts& parts) {
  const auto snapshot = parts.peers.configuration();
  const settings::Tunnel tunnel = settings::tunnel_of(snapshot->root);
  const std::string endpoint_host = settings::identity_of(snapshot->root).endpoint_host;
  const peers::HubLive hub = parts.live.hub();
  const auto addresses = CELL_TRY(peers::hub_addresses(snapshot->root)).list();
  Json json = {
      {"state", state_of(hub)},
      {"backend", hub.status && !hub.status->backend.empty() ? hub.status->backend : expected_backend()},
      {"interface", kInterface},
      {"public_key", parts.peers.hub_public_key()},
      {"endpoint", {{"host", endpoint_host}, {"port", parts.peers.listen_port()}}},
      {"listen_port", parts.peers.listen_port()},
      {"pool", {{"ipv4", tunnel.ipv4_pool}, {"ipv6", tunnel.ipv6_pool}}},
      {"hub_addresses", addresses},
      {"peer_count", json_member(snapshot->root, "peers").size()},
      {"peers_online", parts.live.online()},
      {"rx_rate", hub.rx_rate},
      {"tx_rate", hub.tx_rate},
      {"rx_bytes", hub.rx_bytes},
      {"tx_bytes", hub.tx_bytes},
      {"mtu", tunnel.mtu},
      {"dns", addresses},
      {"settings",
       {{"endpoint_host", endpoint_host},
        {"mtu", tunnel.mtu},
        {"persistent_keepalive", tunnel.persistent_keepalive},
        {"client_allowed_ips", tunnel.client_allowed_ips}}},
      {"revision", snapshot->revision}};
  const std::string reason = hub.status ? hub.status->backend_reason : hub.problem;
  if (!reason.empty()) json["backend_reason"] = reason;
  return json;
}

Result<http::Response> answer(const PeersParts& parts) {
  const Json json = CELL_TRY(to_json(parts));
  http::Response response = http::Response::json(json);
  response.headers.emplace("ETag", "\"" + std::to_string(json_int(json, "revision")) + "\"");
  return response;
}

Result<http::Response> change(const PeersParts& parts, const Context& context) {
  const Json& body = context.body;
  peers::TunnelChange wanted;
  if (body.contains("endpoint_host")) wanted.endpoint_host = json_string(body, "endpoint_host");
  if (body.contains("mtu")) wanted.mtu = json_int(body, "mtu");
  if (body.contains("persistent_keepalive"))
    wanted.persistent_keepalive = json_int(body, "persistent_keepalive");
  if (body.contains("client_allowed_ips")) {
    wanted.client_allowed_ips.emplace();
    for (const Json& range : body["client_allowed_ips"])
      wanted.client_allowed_ips->push_back(range.get<std::string>());
  }
  CELL_TRY(parts.peers.change_tunnel(wanted, commit_options(context, "WireGuard settings changed")));
  return answer(parts);
}

Json wireguard_schema() {
  const Json count = schema::integer(0, std::int64_t{1} << 62);
  const Json texts = schema::array(schema::string());
  const Json settings = schema::object({{"endpoint_host", schema::string()},
                                        {"mtu", count},
                                        {"persistent_keepalive", count},
                                        {"client_allowed_ips", texts}});
  return schema::object({{"state", schema::one_of({"up", "down", "pending"})},
                         {"backend", schema::one_of({"kernel", "userspace"})},
                         {"backend_reason?", schema::string(4096)},
                         {"interface", schema::string()},
                         {"public_key", schema::string()},
                         {"endpoint", schema::object({{"host", schema::string()}, {"port", count}})},
                         {"listen_port", count},
                         {"pool", schema::object({{"ipv4", schema::string()}, {"ipv6", schema::string()}})},
                         {"hub_addresses", texts},
                         {"peer_count", count},
                         {"peers_online", count},
                         {"rx_rate", count},
                         {"tx_rate", count},
                         {"rx_bytes", count},
                         {"tx_bytes", count},
                         {"mtu", count},
                         {"dns", texts},
                         {"settings", settings},
                         {"revision", count}});
}

}  // namespace

std::vector<Route> wireguard_routes(const PeersParts& parts) {
  Route showing{"GET", "/api/wireguard", Access::admin, "wireguard", "Shows the VPN hub"};
  showing.response = wireguard_schema();
  showing.handle = [parts](const Context&) { return answer(parts); };

  Route changing{"PATCH", "/api/wireguard", Access::admin, "wireguard",
                 "Changes what devices are told about the tunnel"};
  changing.request =
      schema::object({{"endpoint_host?", schema::string()},
                      {"mtu?", schema::integer(1280, 9000)},
                      {"persistent_keepalive?", schema::integer(0, 65'535)},
                      {"client_allowed_ips?", schema::array(schema::string(64), peers::kMaxClientRanges)}});
  changing.response = wireguard_schema();
  changing.handle = [parts](const Context& context) { return change(parts, context); };

  Route history{"GET", "/api/wireguard/traffic", Access::admin, "wireguard",
                "Shows the traffic of all devices over time"};
  history.response = traffic_schema();
  history.query = {"range"};
  history.handle = [parts](const Context& context) -> Result<http::Response> {
    const std::string range = context.query("range", "24h");
    return http::Response::json(traffic_json(range, CELL_TRY(parts.history.of({}, range))));
  };
  return {showing, changing, history};
}

}  // namespace cell::api
