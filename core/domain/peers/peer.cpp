#include "domain/peers/peer.hpp"

#include "wireguard/key.hpp"

namespace cell::peers {

namespace {

std::vector<std::string> strings_of(const Json& list) {
  std::vector<std::string> strings;
  for (const Json& item : list) {
    if (item.is_string()) strings.push_back(item.get<std::string>());
  }
  return strings;
}

std::string secret_name(const Peer& peer, std::string_view kind) {
  const auto hex = wireguard::key_to_hex(peer.public_key);
  return "peers/" + peer.id + "/" + std::string(kind) + "/" + (hex ? hex->substr(0, 32) : "none");
}

}  // namespace

hub::Policy policy_of(const Json& json) {
  const hub::Policy usual;
  return {json_bool(json, "internet", usual.internet), json_bool(json, "lan", usual.lan),
          json_bool(json, "peers", usual.peers), json_bool(json, "services", usual.services)};
}

Json to_json(const hub::Policy& policy) {
  return {{"internet", policy.internet},
          {"lan", policy.lan},
          {"peers", policy.peers},
          {"services", policy.services}};
}

Peer peer_of(const std::string& id, const Json& entry) {
  Peer peer;
  peer.id = id;
  peer.name = json_string(entry, "name");
  peer.dns_label = json_string(entry, "dns_label");
  peer.owner_id = json_string(entry, "owner_id");
  peer.tags = strings_of(json_member(entry, "tags"));
  peer.enabled = json_bool(entry, "enabled");
  peer.disabled_by = json_string(entry, "disabled_by");
  peer.public_key = json_string(entry, "public_key");
  peer.key_from_server = json_string(entry, "key_origin") == "server";
  peer.addresses = strings_of(json_member(entry, "addresses"));
  peer.policy = policy_of(json_member(entry, "policy"));
  peer.exit = json_string(entry, "exit");
  if (const auto expiry = parse_time(json_string(entry, "expires_at"))) peer.expires_at = *expiry;
  peer.created_at = json_string(entry, "created_at");
  peer.updated_at = json_string(entry, "updated_at");
  return peer;
}

Json entry_of(const Peer& peer) {
  Json entry = {{"name", peer.name},
                {"dns_label", peer.dns_label},
                {"tags", peer.tags},
                {"enabled", peer.enabled},
                {"public_key", peer.public_key},
                {"key_origin", peer.key_from_server ? "server" : "browser"},
                {"addresses", peer.addresses},
                {"policy", to_json(peer.policy)},
                {"created_at", peer.created_at},
                {"updated_at", peer.updated_at}};
  if (!peer.disabled_by.empty()) entry["disabled_by"] = peer.disabled_by;
  if (!peer.exit.empty()) entry["exit"] = peer.exit;
  if (!peer.owner_id.empty()) entry["owner_id"] = peer.owner_id;
  if (peer.expires_at) entry["expires_at"] = format_time(*peer.expires_at);
  return entry;
}

std::string dns_name_of(const Peer& peer, const std::string& domain) {
  return domain.empty() ? peer.dns_label : peer.dns_label + "." + domain;
}

std::string private_key_name(const Peer& peer) { return secret_name(peer, "private_key"); }
std::string preshared_key_name(const Peer& peer) { return secret_name(peer, "preshared_key"); }

}  // namespace cell::peers
