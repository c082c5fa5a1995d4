#include "domain/peers/peers.hpp"

namespace cell::peers {

namespace {

// A secret of a device; gone, for that reason, where there is none.
Result<Secret> secret_or_gone(const config::SealedStore& sealed, const std::string& name,
                              const std::string& reason) {
  auto secret = sealed.get(name);
  if (secret || secret.error().code != Code::not_found) return secret;
  return Error{Code::gone, reason, "give the device a new key", {}, "config_gone"};
}

constexpr const char* kKeysGone =
    "the cell went back to a key of this device whose secrets are not kept any more";

}  // namespace

Result<Secret> Peers::config(const std::string& id) const {
  Peer peer = CELL_TRY(find(id));
  const Secret shared = CELL_TRY(secret_or_gone(parts_.sealed, preshared_key_name(peer), kKeysGone));
  return CELL_TRY(configured(configuration()->root, std::move(peer), Secret(kKeyPlaceholder), shared)).config;
}

Result<Secret> Peers::config_with_key(const std::string& id) const {
  Peer peer = CELL_TRY(find(id));
  const Secret shared = CELL_TRY(secret_or_gone(parts_.sealed, preshared_key_name(peer), kKeysGone));
  const Secret own = CELL_TRY(secret_or_gone(
      parts_.sealed, private_key_name(peer),
      peer.key_from_server ? "the configuration was given out already, and its private key is not kept"
                           : "the cell never had this device's private key"));
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
