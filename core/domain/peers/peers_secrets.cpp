#include "domain/peers/peers.hpp"

namespace cell::peers {

namespace {

// A secret that may be missing: empty then.
Result<Secret> optional_secret(const config::SealedStore& sealed, const std::string& name) {
  auto secret = sealed.get(name);
  if (secret || secret.error().code != Code::not_found) return secret;
  return Secret();
}

}  // namespace

Result<Secret> Peers::config(const std::string& id) const {
  Peer peer = CELL_TRY(find(id));
  const Secret shared = CELL_TRY(optional_secret(parts_.sealed, preshared_key_name(peer)));
  return CELL_TRY(configured(configuration()->root, std::move(peer), Secret(kKeyPlaceholder), shared)).config;
}

Result<Secret> Peers::config_with_key(const std::string& id) const {
  Peer peer = CELL_TRY(find(id));
  const Secret own = CELL_TRY(optional_secret(parts_.sealed, private_key_name(peer)));
  if (own.empty()) {
    return Error{Code::gone,
                 peer.key_from_server
                     ? "the configuration was given out already, and its private key is not kept"
                     : "the cell never had this device's private key",
                 "give the device a new key",
                 {},
                 "config_gone"};
  }
  const Secret shared = CELL_TRY(optional_secret(parts_.sealed, preshared_key_name(peer)));
  return CELL_TRY(configured(configuration()->root, std::move(peer), own, shared)).config;
}

Result<Configured> Peers::take_config(const std::string& id) {
  const std::lock_guard lock(taking_);
  Secret config = CELL_TRY(config_with_key(id));
  Peer peer = CELL_TRY(find(id));
  CELL_TRY_DOING(parts_.sealed.remove(private_key_name(peer)), "cannot remove the private key");
  announce(id, {peer.owner_id});
  return Configured{std::move(peer), std::move(config)};
}

}  // namespace cell::peers
