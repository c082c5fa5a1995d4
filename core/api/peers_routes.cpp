#include "api/peers_routes.hpp"

#include <algorithm>

#include "api/auth_gate.hpp"
#include "domain/peers/checks.hpp"
#include "domain/settings/document.hpp"

namespace cell::api {

namespace {

using peers::Peer;

constexpr std::size_t kMaxOwn = 64;  // devices of one person who is not an administrator

http::Response with_etag(const PeersParts& parts, const Json& body) {
  http::Response response = http::Response::json(body);
  response.headers.emplace("ETag", "\"" + std::to_string(parts.peers.configuration()->revision) + "\"");
  return response;
}

bool may_see(const Principal& principal, const Peer& peer) {
  return principal.is_admin || (!peer.owner_id.empty() && peer.owner_id == principal.user_id);
}

Error forbidden(std::string pointer, std::string detail) {
  Error error = field_error(std::move(pointer), std::move(detail), "ask an administrator of this cell");
  error.code = Code::forbidden;
  return error;
}

// Into the LAN and to other people's devices only an administrator opens the way.
Result<void> check_policy(const Principal& principal, const hub::Policy& wanted, const hub::Policy& has) {
  if (principal.is_admin) return {};
  if (wanted.lan && !has.lan)
    return forbidden("/policy/lan", "only an administrator may open the local network to a device");
  if (wanted.peers && !has.peers)
    return forbidden("/policy/peers", "only an administrator may let devices reach each other");
  if (wanted.internet && !has.internet)
    return forbidden("/policy/internet", "only an administrator may open the internet to a device");
  if (wanted.services && !has.services)
    return forbidden("/policy/services", "only an administrator may open the services to a device");
  return {};
}

// Which way a device's traffic goes is as much a right as whether it goes.
Result<std::string> exit_of(const Context& context, const std::string& before) {
  std::string wanted = json_string(context.body, "exit");
  if (context.principal->is_admin || wanted == before) return wanted;
  return forbidden("/exit", "only an administrator chooses a device's way to the internet");
}

Result<std::optional<TimePoint>> expiry_of(const Json& body) {
  if (!body.contains("expires_at") || body["expires_at"].is_null()) return std::optional<TimePoint>{};
  auto time = parse_time(json_string(body, "expires_at"));
  if (!time) return field_error("/expires_at", time.error().message, "write it like 2027-01-31T12:00:00Z");
  return std::optional(*time);
}

std::vector<std::string> tags_of(const Json& body) {
  std::vector<std::string> tags;
  for (const Json& tag : json_member(body, "tags")) tags.push_back(tag.get<std::string>());
  return tags;
}

Result<std::string> owner_for(const Context& context) {
  const Principal& principal = *context.principal;
  if (!context.body.contains("owner_id") || context.body["owner_id"].is_null()) return principal.user_id;
  std::string owner = json_string(context.body, "owner_id");
  if (principal.is_admin || owner == principal.user_id) return owner;
  return forbidden("/owner_id", "only an administrator may give a device to somebody else");
}

Result<http::Response> list(const PeersParts& parts, const Context& context) {
  const Page page = CELL_TRY(page_of(context));
  auto all = parts.peers.list();
  std::erase_if(all, [&](const Peer& peer) { return !may_see(*context.principal, peer); });
  auto at = all.begin();
  if (!page.cursor.empty()) {
    at = std::find_if(all.begin(), all.end(), [&](const Peer& peer) { return peer.id == page.cursor; });
    if (at == all.end())
      return Error{Code::invalid_argument, "this cursor is not valid any more", "start from the first page"};
    ++at;
  }
  const auto snapshot = parts.peers.configuration();
  Json items = Json::array();
  for (; at != all.end() && items.size() < page.limit; ++at)
    items.push_back(peer_json(parts, *at, snapshot->root));
  Json answer = {{"items", std::move(items)}};
  if (at != all.end()) answer["next_cursor"] = (at - 1)->id;
  return with_etag(parts, answer);
}

Result<http::Response> create(const PeersParts& parts, const Context& context) {
  const Json& body = context.body;
  const Principal& principal = *context.principal;
  peers::NewPeer wanted;
  wanted.name = json_string(body, "name");
  wanted.owner_id = CELL_TRY(owner_for(context));
  wanted.tags = tags_of(body);
  wanted.public_key = json_string(body, "public_key");
  wanted.policy = peers::policy_of(json_member(body, "policy"));
  wanted.expires_at = CELL_TRY(expiry_of(body));
  wanted.exit = CELL_TRY(exit_of(context, {}));
  CELL_TRY(check_policy(principal, wanted.policy, {}));
  if (body.contains("public_key") && wanted.public_key.empty()) {
    return field_error("/public_key", "the key is empty",
                       "leave the member out to have the cell make the key pair");
  }
  if (!principal.is_admin) {
    const auto all = parts.peers.list();
    const auto own = std::count_if(all.begin(), all.end(),
                                   [&](const Peer& peer) { return peer.owner_id == principal.user_id; });
    if (static_cast<std::size_t>(own) >= kMaxOwn) {
      return Error{Code::conflict,
                   "you have 64 devices already",
                   "delete one that is not used any more",
                   {},
                   "too_many_devices"};
    }
  }
  const auto made =
      CELL_TRY(parts.peers.create(wanted, commit_options(context, "device '" + wanted.name + "' added")));
  Json answer = peer_json(parts, made.peer, parts.peers.configuration()->root);
  answer["config"] = made.config.reveal();
  http::Response response = with_etag(parts, answer);
  response.headers.emplace("Location", "/api/peers/" + made.peer.id);
  return response;
}

Result<http::Response> show(const PeersParts& parts, const Context& context) {
  const Peer peer = CELL_TRY(peer_in_reach(parts, context));
  return with_etag(parts, peer_json(parts, peer, parts.peers.configuration()->root));
}

Result<peers::PeerChange> change_of(const Context& context, const Peer& before) {
  const Json& body = context.body;
  const Principal& principal = *context.principal;
  peers::PeerChange wanted;
  if (body.contains("name")) wanted.name = json_string(body, "name");
  if (body.contains("tags")) wanted.tags = tags_of(body);
  if (body.contains("enabled")) wanted.enabled = json_bool(body, "enabled");
  if (body.contains("expires_at")) wanted.expires_at = CELL_TRY(expiry_of(body));
  if (body.contains("policy")) {
    wanted.policy = peers::policy_of(body["policy"]);
    CELL_TRY(check_policy(principal, *wanted.policy, before.policy));
  }
  if (body.contains("exit")) wanted.exit = CELL_TRY(exit_of(context, before.exit));
  if (body.contains("owner_id")) {
    wanted.owner_id = json_string(body, "owner_id");
    if (!principal.is_admin && *wanted.owner_id != before.owner_id) {
      return forbidden("/owner_id", "only an administrator may give a device to somebody else");
    }
  }
  return wanted;
}

Result<http::Response> change(const PeersParts& parts, const Context& context) {
  const Peer before = CELL_TRY(peer_in_reach(parts, context));
  const auto wanted = CELL_TRY(change_of(context, before));
  const peers::Asker asker{context.principal->user_id, context.principal->is_admin};
  const Peer after = CELL_TRY(parts.peers.change(
      before.id, wanted, asker, commit_options(context, "device '" + before.name + "' changed")));
  return with_etag(parts, peer_json(parts, after, parts.peers.configuration()->root));
}

Result<http::Response> remove(const PeersParts& parts, const Context& context) {
  const Peer peer = CELL_TRY(peer_in_reach(parts, context));
  CELL_TRY(parts.peers.remove(peer.id, commit_options(context, "device '" + peer.name + "' removed")));
  // The device is gone; to answer otherwise would have the caller try again and find nothing. What is left of
  // it belongs to an id that nobody gets again.
  const auto links = parts.links.forget(peer.id);
  const auto history = parts.history.forget(peer.id);
  for (const auto* forgotten : {&links, &history}) {
    if (!*forgotten)
      parts.log.warn("a removed device's links or traffic stay in the database",
                     {{"peer", peer.id}, {"reason", forgotten->error().message}});
  }
  return http::Response::empty();
}

Result<http::Response> rekey(const PeersParts& parts, const Context& context) {
  const Peer peer = CELL_TRY(peer_in_reach(parts, context));
  if (context.body.contains("public_key") && json_string(context.body, "public_key").empty()) {
    return field_error("/public_key", "the key is empty",
                       "leave the member out to have the cell make the key pair");
  }
  const auto made =
      CELL_TRY(parts.peers.rekey(peer.id, json_string(context.body, "public_key"), peers::PrivateKey::keep,
                                 commit_options(context, "device '" + peer.name + "' has a new key")));
  Json answer = peer_json(parts, made.peer, parts.peers.configuration()->root);
  answer["config"] = made.config.reveal();
  return with_etag(parts, answer);
}

Json policy_schema() {
  return schema::object({{"internet", schema::boolean()},
                         {"lan", schema::boolean()},
                         {"peers", schema::boolean()},
                         {"services", schema::boolean()}});
}

Json live_schema() {
  const Json count = schema::integer(0, std::int64_t{1} << 62);
  return schema::object({{"state", schema::one_of({"online", "idle", "never", "disabled", "expired"})},
                         {"last_handshake_at", schema::nullable(schema::time())},
                         {"endpoint", schema::nullable(schema::string())},
                         {"rx_rate", count},
                         {"tx_rate", count},
                         {"rx_bytes", count},
                         {"tx_bytes", count}});
}

}  // namespace

Result<Peer> peer_in_reach(const PeersParts& parts, const Context& context) {
  Peer peer = CELL_TRY(parts.peers.find(context.param("id")));
  if (may_see(*context.principal, peer)) return peer;
  return Error{Code::not_found, "there is no such device"};
}

Json peer_json(const PeersParts& parts, const Peer& peer, const Json& root) {
  Json json = {
      {"id", peer.id},
      {"name", peer.name},
      {"owner_id", nullptr},
      {"owner_name", nullptr},
      {"tags", peer.tags},
      {"enabled", peer.enabled},
      {"public_key", peer.public_key},
      {"has_preshared_key", parts.peers.has_preshared_key(peer)},
      {"key_origin", peer.key_from_server ? "server" : "browser"},
      {"addresses", peer.addresses},
      {"policy", peers::to_json(peer.policy)},
      {"exit", nullptr},
      {"dns_name",
       peers::dns_name_of(peer, json_string(json_member(json_member(root, "identity"), "domain"), "name"))},
      {"expires_at", nullptr},
      {"created_at", peer.created_at},
      {"updated_at", peer.updated_at},
      {"config_available", parts.peers.has_private_key(peer)},
      {"live", peers::to_json(parts.live.of(peer))}};
  if (parts.peers.needs_new_key(peer)) json["needs_new_key"] = true;
  if (!peer.exit.empty()) json["exit"] = peer.exit;
  if (peer.expires_at) json["expires_at"] = format_time(*peer.expires_at);
  if (peer.owner_id.empty()) return json;
  json["owner_id"] = peer.owner_id;
  json["owner_name"] = json_string(json_member(json_member(root, "people"), peer.owner_id), "name");
  return json;
}

Json peer_schema(bool with_config) {
  std::vector<std::pair<std::string, Json>> members{{"id", schema::string()},
                                                    {"name", schema::string()},
                                                    {"owner_id", schema::nullable(schema::string())},
                                                    {"owner_name", schema::nullable(schema::string())},
                                                    {"tags", schema::array(schema::string())},
                                                    {"enabled", schema::boolean()},
                                                    {"public_key", schema::string()},
                                                    {"has_preshared_key", schema::boolean()},
                                                    {"needs_new_key?", schema::boolean()},
                                                    {"key_origin", schema::one_of({"browser", "server"})},
                                                    {"addresses", schema::array(schema::string())},
                                                    {"policy", policy_schema()},
                                                    {"exit", schema::nullable(schema::string(100))},
                                                    {"dns_name", schema::string()},
                                                    {"expires_at", schema::nullable(schema::time())},
                                                    {"created_at", schema::time()},
                                                    {"updated_at", schema::time()},
                                                    {"config_available", schema::boolean()},
                                                    {"live", live_schema()}};
  if (with_config) members.emplace_back("config", schema::text(8192));
  return schema::object(std::move(members));
}

std::vector<Route> peers_routes(const PeersParts& parts) {
  const auto bind = [parts](Result<http::Response> (*handler)(const PeersParts&, const Context&)) -> Handle {
    return [parts, handler](const Context& context) { return handler(parts, context); };
  };
  const Json tags = schema::array(schema::string(), peers::kMaxTags);
  const Json expiry = schema::nullable(schema::time());
  const Json key = schema::string(64);
  const Json exit = schema::nullable(schema::string(100));

  Route listing{"GET", "/api/peers", Access::session, "peers", "Lists the devices, for a person their own"};
  listing.response = schema::collection(peer_schema(false));
  listing.query = {"limit", "cursor"};
  listing.handle = bind(list);

  Route adding{"POST", "/api/peers", Access::session, "peers",
               "Adds a device; answers what it needs to connect"};
  adding.request = schema::object({{"name", schema::string()},
                                   {"owner_id?", schema::nullable(schema::string(64))},
                                   {"tags?", tags},
                                   {"public_key?", key},
                                   {"policy?", policy_schema()},
                                   {"exit?", exit},
                                   {"expires_at?", expiry}});
  adding.response = peer_schema(true);
  adding.success = 201;
  adding.handle = bind(create);

  Route showing{"GET", "/api/peers/{id}", Access::session, "peers", "Shows a device"};
  showing.response = peer_schema(false);
  showing.handle = bind(show);

  Route changing{
      "PATCH", "/api/peers/{id}", Access::session, "peers",
      "Changes a device; its owner may narrow what an administrator allowed (fewer rights, switched "
      "off, an earlier end), and switch on again only what they switched off themselves"};
  changing.request = schema::object({{"name?", schema::string()},
                                     {"owner_id?", schema::nullable(schema::string(64))},
                                     {"tags?", tags},
                                     {"policy?", policy_schema()},
                                     {"exit?", exit},
                                     {"enabled?", schema::boolean()},
                                     {"expires_at?", expiry}});
  changing.response = peer_schema(false);
  changing.handle = bind(change);

  Route removing{"DELETE", "/api/peers/{id}", Access::session, "peers", "Removes a device; its tunnel ends"};
  removing.success = 204;
  removing.handle = bind(remove);

  Route rekeying{"POST", "/api/peers/{id}/rekey", Access::session, "peers",
                 "Gives a device new keys; the old ones end"};
  rekeying.request = schema::object({{"public_key?", key}});
  rekeying.response = peer_schema(true);
  rekeying.handle = bind(rekey);
  return {listing, adding, showing, changing, removing, rekeying};
}

}  // namespace cell::api
