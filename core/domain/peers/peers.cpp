#include "domain/peers/peers.hpp"

#include <algorithm>
#include <set>

#include "crypto/random.hpp"
#include "crypto/x25519.hpp"
#include "domain/peers/checks.hpp"
#include "domain/settings/document.hpp"

namespace cell::peers {

namespace {

Error no_such_peer() { return Error{Code::not_found, "there is no such device"}; }

// What the hub sees of a device.
bool is_same_to_hub(const Peer& a, const Peer& b) {
  return a.enabled == b.enabled && a.public_key == b.public_key && a.addresses == b.addresses &&
         a.policy == b.policy && a.exit == b.exit && a.expires_at == b.expires_at;
}

// An administrator's word stands also where the device was off already: its owner may not undo it then.
void switch_device(Peer& peer, bool on, const Asker& asker) {
  if (on) {
    peer.disabled_by.clear();
  } else if (peer.enabled || asker.is_admin) {
    peer.disabled_by = asker.person_id;
  }
  peer.enabled = on;
}

Result<Peer> changed(const Json& root, Peer peer, const PeerChange& wanted, const Asker& asker) {
  CELL_TRY(check_may_switch(peer, wanted, asker));
  const Json& section = json_member(root, "peers");
  if (wanted.name && *wanted.name != peer.name) {
    CELL_TRY(check_name_free(section, *wanted.name, peer.id));
    peer.name = *wanted.name;
    peer.dns_label = free_dns_label(root, peer.name, peer.id);
  }
  if (wanted.owner_id) {
    CELL_TRY(check_owner(root, *wanted.owner_id));
    peer.owner_id = *wanted.owner_id;
  }
  if (wanted.tags) peer.tags = *wanted.tags;
  if (wanted.policy) peer.policy = *wanted.policy;
  if (wanted.exit) peer.exit = *wanted.exit;
  if (wanted.enabled) switch_device(peer, *wanted.enabled, asker);
  if (wanted.expires_at) peer.expires_at = *wanted.expires_at;
  return peer;
}

}  // namespace

struct Peers::NewKeys {
  std::string public_key;
  Secret private_key{kKeyPlaceholder};
  Secret preshared_key = crypto::generate_preshared_key();
  bool from_server = false;
};

Result<std::unique_ptr<Peers>> Peers::open(Parts parts) {
  std::unique_ptr<Peers> peers(new Peers(std::move(parts)));
  CELL_TRY(peers->load_hub_key());
  peers->sweep_secrets();
  return peers;
}

Result<void> Peers::load_hub_key() {
  auto key = parts_.sealed.get(kHubKeyName);
  if (!key && key.error().code != Code::not_found) return std::move(key).error().within("the hub's key");
  if (!key) {
    crypto::WireGuardKeys made = CELL_TRY(crypto::generate_wireguard_keys());
    CELL_TRY_DOING(parts_.sealed.put(kHubKeyName, made.private_key), "cannot keep the hub's key");
    hub_public_key_ = made.public_key;
    return {};
  }
  hub_public_key_ = CELL_TRY(crypto::wireguard_public_key(*key));
  return {};
}

// A crash between sealing and committing leaves them behind.
void Peers::sweep_secrets() {
  std::set<std::string> wanted;
  for (const Peer& peer : list()) wanted.insert({private_key_name(peer), preshared_key_name(peer)});
  for (const std::string& name : parts_.sealed.names("peers/")) {
    if (!wanted.contains(name)) (void)parts_.sealed.remove(name);
  }
}

std::vector<Peer> Peers::list() const {
  const auto snapshot = configuration();
  std::vector<Peer> peers;
  for (const auto& [id, entry] : json_member(snapshot->root, "peers").items())
    peers.push_back(peer_of(id, entry));
  std::sort(peers.begin(), peers.end(), [](const Peer& a, const Peer& b) {
    return a.created_at != b.created_at ? a.created_at < b.created_at : a.id < b.id;
  });
  return peers;
}

Result<Peer> Peers::find(const std::string& id) const {
  const auto snapshot = configuration();
  const Json& section = json_member(snapshot->root, "peers");
  const auto found = section.find(id);
  if (found == section.end()) return no_such_peer();
  return peer_of(id, *found);
}

// One that goes between this and the commit leaves the device without the internet, see hub_document().
Result<void> Peers::check_exit(const std::string& name) const {
  if (name.empty() || (parts_.has_exit && parts_.has_exit(name))) return {};
  return field_error("/exit", "no installed service has the exit '" + name.substr(0, 100) + "'",
                     "take one of GET /api/exits, or null for the cell's own way");
}

Result<Peers::NewKeys> Peers::make_keys(const std::string& public_key) const {
  NewKeys keys;
  keys.public_key = public_key;
  if (!public_key.empty()) return keys;
  crypto::WireGuardKeys made = CELL_TRY(crypto::generate_wireguard_keys());
  keys.public_key = std::move(made.public_key);
  keys.private_key = std::move(made.private_key);
  keys.from_server = true;
  return keys;
}

Result<void> Peers::seal(const Peer& peer, const NewKeys& keys, PrivateKey keep) {
  CELL_TRY_DOING(parts_.sealed.put(preshared_key_name(peer), keys.preshared_key),
                 "cannot keep the preshared key");
  if (!keys.from_server || keep == PrivateKey::forget) return {};
  const auto kept = parts_.sealed.put(private_key_name(peer), keys.private_key);
  if (kept) return {};
  forget_secrets(peer);
  return Error(kept.error()).within("cannot keep the private key");
}

void Peers::forget_secrets(const Peer& peer) {
  for (const std::string& name : {private_key_name(peer), preshared_key_name(peer)}) {
    const auto removed = parts_.sealed.remove(name);
    if (!removed)
      parts_.log.warn("a device's secret was not removed, the next start does it",
                      {{"reason", removed.error().message}});
  }
}

Result<Configured> Peers::configured(const Json& root, Peer peer, const Secret& private_key,
                                     const Secret& preshared_key) const {
  Secret text =
      CELL_TRY(device_config(root, peer, {private_key, preshared_key, hub_public_key_}, parts_.listen_port));
  return Configured{std::move(peer), std::move(text)};
}

Peer Peers::fresh(const NewPeer& wanted, const NewKeys& keys) const {
  Peer peer;
  peer.id = crypto::random_id();
  peer.name = wanted.name;
  peer.owner_id = wanted.owner_id;
  peer.tags = wanted.tags;
  peer.policy = wanted.policy;
  peer.exit = wanted.exit;
  peer.expires_at = wanted.expires_at;
  peer.public_key = keys.public_key;
  peer.key_from_server = keys.from_server;
  peer.created_at = peer.updated_at = format_time(parts_.clock.now());
  return peer;
}

// What only the document can say: whether the device may be there, and its label and addresses.
Result<void> Peers::place(const Json& root, Peer& peer) const {
  const Json& section = json_member(root, "peers");
  CELL_TRY(check_name_free(section, peer.name, {}));
  CELL_TRY(check_public_key(section, peer.public_key, hub_public_key_, {}));
  CELL_TRY(check_owner(root, peer.owner_id));
  peer.dns_label = free_dns_label(root, peer.name, {});
  peer.addresses = CELL_TRY(free_addresses(root));
  return {};
}

Result<Configured> Peers::create(const NewPeer& wanted, const config::CommitOptions& options) {
  CELL_TRY(settings::check_display_name(wanted.name, "/name"));
  CELL_TRY(check_tags(wanted.tags));
  CELL_TRY(check_expiry(wanted.expires_at, parts_.clock.now()));
  CELL_TRY(check_exit(wanted.exit));
  const NewKeys keys = CELL_TRY(make_keys(wanted.public_key));
  Peer peer = fresh(wanted, keys);
  CELL_TRY(place(configuration()->root, peer));
  CELL_TRY(seal(peer, keys, PrivateKey::keep));
  const auto snapshot = parts_.config.commit(options, [&](Json& root) -> Result<void> {
    CELL_TRY(place(root, peer));
    root["peers"][peer.id] = entry_of(peer);
    return {};
  });
  if (!snapshot) {
    forget_secrets(peer);
    return snapshot.error();
  }
  bring((*snapshot)->revision);
  announce(peer.id, {peer.owner_id});
  return configured((*snapshot)->root, std::move(peer), keys.private_key, keys.preshared_key);
}

Result<Peer> Peers::change(const std::string& id, const PeerChange& wanted, const Asker& asker,
                           const config::CommitOptions& options) {
  if (wanted.name) CELL_TRY(settings::check_display_name(*wanted.name, "/name"));
  if (wanted.tags) CELL_TRY(check_tags(*wanted.tags));
  if (wanted.expires_at) CELL_TRY(check_expiry(*wanted.expires_at, parts_.clock.now()));
  if (wanted.exit && *wanted.exit != CELL_TRY(find(id)).exit) CELL_TRY(check_exit(*wanted.exit));
  Peer before;
  Peer after;
  const config::Edit edit = [&](Json& root) -> Result<void> {
    const Json& section = json_member(root, "peers");
    if (!section.contains(id)) return no_such_peer();
    before = peer_of(id, section[id]);
    after = CELL_TRY(changed(root, before, wanted, asker));
    if (entry_of(after) == section[id]) return {};
    after.updated_at = format_time(parts_.clock.now());
    root["peers"][id] = entry_of(after);
    return {};
  };
  const config::Snapshot snapshot = CELL_TRY(parts_.config.commit(options, edit));
  if (!is_same_to_hub(before, after)) bring(snapshot->revision);
  announce(id, {before.owner_id, after.owner_id});
  return after;
}

Result<void> Peers::remove(const std::string& id, const config::CommitOptions& options) {
  Peer removed;
  const auto snapshot = CELL_TRY(parts_.config.commit(options, [&](Json& root) -> Result<void> {
    Json& section = root["peers"];
    if (!section.contains(id)) return no_such_peer();
    removed = peer_of(id, section[id]);
    section.erase(id);
    return {};
  }));
  bring(snapshot->revision);
  forget_secrets(removed);
  announce(id, {removed.owner_id});
  return {};
}

Result<config::Snapshot> Peers::commit_key(const Peer& rekeyed, const config::CommitOptions& options) {
  return parts_.config.commit(options, [&](Json& root) -> Result<void> {
    Json& section = root["peers"];
    if (!section.contains(rekeyed.id)) return no_such_peer();
    Json& entry = section[rekeyed.id];
    CELL_TRY(check_public_key(section, rekeyed.public_key, hub_public_key_, rekeyed.id));
    entry["public_key"] = rekeyed.public_key;
    entry["key_origin"] = rekeyed.key_from_server ? "server" : "browser";
    entry["updated_at"] = rekeyed.updated_at;
    return {};
  });
}

Result<Configured> Peers::rekey(const std::string& id, const std::string& public_key, PrivateKey keep,
                                const config::CommitOptions& options) {
  const std::lock_guard lock(taking_);
  const Peer before = CELL_TRY(find(id));
  if (before.public_key == public_key) {
    Error error = field_error("/public_key", "the device has this key already", "make a new key pair");
    error.code = Code::conflict;
    error.reason = "key_taken";
    return error;
  }
  const NewKeys keys = CELL_TRY(make_keys(public_key));
  CELL_TRY(
      check_public_key(json_member(configuration()->root, "peers"), keys.public_key, hub_public_key_, id));
  Peer after = before;
  after.public_key = keys.public_key;
  after.key_from_server = keys.from_server;
  after.updated_at = format_time(parts_.clock.now());
  CELL_TRY(seal(after, keys, keep));
  const auto snapshot = commit_key(after, options);
  if (!snapshot) {
    forget_secrets(after);
    return snapshot.error();
  }
  bring((*snapshot)->revision);
  forget_secrets(before);
  announce(id, {before.owner_id});
  Peer stored = peer_of(id, json_member(json_member((*snapshot)->root, "peers"), id));
  return configured((*snapshot)->root, std::move(stored), keys.private_key, keys.preshared_key);
}

Result<void> Peers::change_tunnel(const TunnelChange& wanted, const config::CommitOptions& options) {
  CELL_TRY(check(wanted));
  const auto snapshot = CELL_TRY(parts_.config.commit(options, [&](Json& root) -> Result<void> {
    peers::apply(wanted, root);
    return {};
  }));
  bring(snapshot->revision);
  return {};
}

void Peers::announce(const std::string& id, const std::set<std::string>& owner_ids) {
  const Json data{{"id", id}};
  parts_.events.publish("peer.changed", data);
  for (const std::string& owner_id : owner_ids) {
    if (!owner_id.empty()) parts_.events.publish_to(owner_id, "peer.changed", data);
  }
}

// Several commits at once are brought by the first of them that gets here. Also when the hub does not take
// them: those who waited for one that hangs must not each wait for it again.
void Peers::bring(std::int64_t revision) {
  if (!parts_.apply) return;
  const std::lock_guard lock(applying_);
  if (brought_revision_ >= revision) return;
  const std::int64_t current = configuration()->revision;
  const auto applied = parts_.apply();
  brought_revision_ = current;
  if (applied) return;
  parts_.log.warn("the hub did not take the devices, the reconciler brings them later",
                  {{"reason", applied.error().message}});
}

}  // namespace cell::peers
