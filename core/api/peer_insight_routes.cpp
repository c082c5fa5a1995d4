#include <algorithm>

#include "api/origin.hpp"
#include "api/peers_routes.hpp"
#include "domain/peers/checks.hpp"
#include "domain/peers/diagnosis.hpp"
#include "domain/settings/document.hpp"

namespace cell::api {

namespace {

Result<http::Response> traffic(const PeersParts& parts, const Context& context) {
  const auto peer = CELL_TRY(peer_in_reach(parts, context));
  const std::string range = context.query("range", "24h");
  return http::Response::json(traffic_json(range, CELL_TRY(parts.history.of(peer.id, range))));
}

Result<http::Response> diagnosis(const PeersParts& parts, const Context& context) {
  peers::Observed seen;
  seen.peer = CELL_TRY(peer_in_reach(parts, context));
  const auto snapshot = parts.peers.configuration();
  seen.live = parts.live.of(seen.peer);
  seen.needs_new_key = parts.peers.needs_new_key(seen.peer);
  seen.hub = parts.live.hub();
  seen.others_heard = parts.live.heard(seen.peer.id);
  seen.listen_port = parts.peers.listen_port();
  seen.endpoint_host = settings::identity_of(snapshot->root).endpoint_host;
  seen.resolver = CELL_TRY(peers::hub_addresses(snapshot->root)).ipv4;
  seen.now = parts.live.now();
  if (parts.dns_answers) seen.dns_answers = parts.dns_answers();
  Json steps = Json::array();
  for (const peers::DiagnosisStep& step : peers::diagnose(seen)) {
    Json json = {{"id", step.id}, {"state", step.state}, {"detail", step.detail}};
    if (!step.fix.empty()) json["fix"] = step.fix;
    steps.push_back(std::move(json));
  }
  return http::Response::json({{"steps", std::move(steps)}});
}

Json link_json(const peers::Link& link) {
  Json json = {{"id", link.id},
               {"created_at", format_time(link.created_at)},
               {"expires_at", format_time(link.expires_at)},
               {"used_at", nullptr},
               {"revoked_at", nullptr}};
  if (link.used_at) json["used_at"] = format_time(*link.used_at);
  if (link.revoked_at) json["revoked_at"] = format_time(*link.revoked_at);
  return json;
}

Result<http::Response> links(const PeersParts& parts, const Context& context) {
  const auto peer = CELL_TRY(peer_in_reach(parts, context));
  Json items = Json::array();
  for (const peers::Link& link : CELL_TRY(parts.links.of_peer(peer.id))) items.push_back(link_json(link));
  return http::Response::json({{"items", std::move(items)}});
}

Result<http::Response> add_link(const PeersParts& parts, const Context& context) {
  const auto peer = CELL_TRY(peer_in_reach(parts, context));
  const std::chrono::seconds lifetime{json_int(context.body, "expires_in", 86'400)};
  const auto made = CELL_TRY(parts.links.create(peer.id, lifetime));
  const std::string token(made.token.reveal());
  const auto identity = settings::identity_of(parts.peers.configuration()->root);
  const std::string url = origin_for_links(context.request, identity, parts.webui_port) + "/enrol/" + token;
  return http::Response::json({{"id", made.link.id},
                               {"url", url},
                               {"token", token},
                               {"expires_at", format_time(made.link.expires_at)}});
}

Result<http::Response> revoke_link(const PeersParts& parts, const Context& context) {
  const auto peer = CELL_TRY(peer_in_reach(parts, context));
  CELL_TRY(parts.links.revoke(peer.id, context.param("link")));
  return http::Response::empty();
}

Json link_schema() {
  return schema::object({{"id", schema::string()},
                         {"created_at", schema::time()},
                         {"expires_at", schema::time()},
                         {"used_at", schema::nullable(schema::time())},
                         {"revoked_at", schema::nullable(schema::time())}});
}

}  // namespace

Json traffic_json(const std::string& range, const peers::Traffic& traffic) {
  Json points = Json::array();
  for (const peers::TrafficPoint& point : traffic.points) {
    points.push_back({{"t", format_time(point.at)}, {"rx", point.rx}, {"tx", point.tx}});
  }
  return {{"range", range}, {"step_s", traffic.step_s}, {"points", std::move(points)}};
}

Json traffic_schema() {
  const Json count = schema::integer(0, std::int64_t{1} << 62);
  const Json point = schema::object({{"t", schema::time()}, {"rx", count}, {"tx", count}});
  return schema::object(
      {{"range", schema::one_of({"24h", "30d", "1y"})}, {"step_s", count}, {"points", schema::array(point)}});
}

std::vector<Route> peer_insight_routes(const PeersParts& parts) {
  const auto bind = [parts](Result<http::Response> (*handler)(const PeersParts&, const Context&)) -> Handle {
    return [parts, handler](const Context& context) { return handler(parts, context); };
  };
  Route history{"GET", "/api/peers/{id}/traffic", Access::session, "peers",
                "Shows a device's traffic over time"};
  history.response = traffic_schema();
  history.query = {"range"};
  history.handle = bind(traffic);

  Route steps{"GET", "/api/peers/{id}/diagnosis", Access::session, "peers", "Says how far a device gets"};
  const Json step = schema::object({{"id", schema::one_of({"handshake", "port", "route", "dns"})},
                                    {"state", schema::one_of({"ok", "problem", "unknown"})},
                                    {"detail", schema::string(4096)},
                                    {"fix?", schema::string(4096)}});
  steps.response = schema::object({{"steps", schema::array(step)}});
  steps.handle = bind(diagnosis);

  Route listing{"GET", "/api/peers/{id}/links", Access::session, "peers",
                "Lists the enrolment links of a device"};
  listing.response = schema::collection(link_schema());
  listing.handle = bind(links);

  Route adding{"POST", "/api/peers/{id}/links", Access::session, "peers",
               "Makes a link with which the device enrols itself, once"};
  adding.request = schema::object({{"expires_in?", schema::integer(1, 100'000'000)}});
  adding.response = schema::object({{"id", schema::string()},
                                    {"url", schema::string(1024)},
                                    {"token", schema::string()},
                                    {"expires_at", schema::time()}});
  adding.success = 201;
  adding.handle = bind(add_link);

  Route revoking{"DELETE", "/api/peers/{id}/links/{link}", Access::session, "peers",
                 "Revokes an enrolment link"};
  revoking.success = 204;
  revoking.handle = bind(revoke_link);
  return {history, steps, listing, adding, revoking};
}

}  // namespace cell::api
