#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/event_sink.hpp"
#include "base/log.hpp"
#include "config/sealed.hpp"
#include "config/store.hpp"
#include "domain/peers/device_config.hpp"
#include "domain/peers/peer.hpp"
#include "domain/peers/tunnel_settings.hpp"

namespace cell::peers {

// A device and what it needs to connect: a configuration with its private key where the server made it, else
// with kKeyPlaceholder.
struct Configured {
  Peer peer;
  Secret config;
};

// Whether a private key that the server made stays, sealed, until the configuration is taken once.
enum class PrivateKey { keep, forget };

// The devices of the VPN: section `peers` of the configuration; private keys that the server made and
// preshared keys are sealed. A refused call changes nothing. After each commit that means something to the
// hub, `apply` is called before the call returns; what the hub does not take then is the reconciler's to
// bring later. Thread: any.
class Peers {
 public:
  struct Parts {
    config::Store& config;
    config::SealedStore& sealed;
    const Clock& clock;
    EventSink& events;  // "peer.changed" {id}, also to its owner
    log::Logger log;
    std::uint16_t listen_port = 51820;    // of the hub, as devices reach it
    std::function<Result<void>()> apply;  // brings the hub the current configuration; calls never overlap
    std::function<bool(const std::string& name)> has_exit{};  // an exit of an installed service
  };
  // Makes the hub's key where there is none, and removes secrets of devices that are not there (any more).
  static Result<std::unique_ptr<Peers>> open(Parts parts);

  [[nodiscard]] config::Snapshot configuration() const { return parts_.config.snapshot(); }
  [[nodiscard]] const std::string& hub_public_key() const { return hub_public_key_; }
  [[nodiscard]] std::uint16_t listen_port() const { return parts_.listen_port; }

  [[nodiscard]] std::vector<Peer> list() const;                  // oldest first
  [[nodiscard]] Result<Peer> find(const std::string& id) const;  // not_found
  [[nodiscard]] bool has_private_key(const Peer& peer) const {
    return parts_.sealed.contains(private_key_name(peer));
  }
  [[nodiscard]] bool has_preshared_key(const Peer& peer) const {
    return parts_.sealed.contains(preshared_key_name(peer));
  }
  // The cell went back to a key whose secrets went when the device got another: it can't connect, and is not
  // in the hub, until it is given a new one.
  [[nodiscard]] bool needs_new_key(const Peer& peer) const { return !has_preshared_key(peer); }

  Result<Configured> create(const NewPeer& wanted, const config::CommitOptions& options);
  Result<Peer> change(const std::string& id, const PeerChange& wanted, const Asker& asker,
                      const config::CommitOptions& options);
  Result<void> remove(const std::string& id, const config::CommitOptions& options);
  // New keys, the preshared one included; the old configuration ends. Empty key: the server makes the pair.
  Result<Configured> rekey(const std::string& id, const std::string& public_key, PrivateKey keep,
                           const config::CommitOptions& options);

  Result<void> change_tunnel(const TunnelChange& wanted, const config::CommitOptions& options);

  // With the placeholder; as often as wanted. gone (reason config_gone) for a device that needs a new key.
  [[nodiscard]] Result<Secret> config(const std::string& id) const;
  // With the private key that the server holds; gone (reason config_gone) when it holds none.
  [[nodiscard]] Result<Secret> config_with_key(const std::string& id) const;
  // The same, once: the private key is removed before this returns.
  Result<Configured> take_config(const std::string& id);

  // Brings the hub what somebody else's commit made of the devices, e.g. a revision that was gone back to.
  void bring_current() { bring(configuration()->revision); }

  // To be called every second or so: cuts devices off whose time has come. The next such time, if any.
  std::optional<TimePoint> expire_due();

 private:
  struct NewKeys;

  explicit Peers(Parts parts) : parts_(std::move(parts)), last_expiry_check_(parts_.clock.now()) {}
  Result<void> load_hub_key();
  void sweep_secrets();
  [[nodiscard]] Result<void> check_exit(const std::string& name) const;
  Result<NewKeys> make_keys(const std::string& public_key) const;
  Result<void> seal(const Peer& peer, const NewKeys& keys, PrivateKey keep);
  void forget_secrets(const Peer& peer);
  Result<Configured> configured(const Json& root, Peer peer, const Secret& private_key,
                                const Secret& preshared_key) const;
  Result<config::Snapshot> commit_key(const Peer& rekeyed, const config::CommitOptions& options);
  [[nodiscard]] Peer fresh(const NewPeer& wanted, const NewKeys& keys) const;
  Result<void> place(const Json& root, Peer& peer) const;
  void announce(const std::string& id, const std::set<std::string>& owner_ids);
  void bring(std::int64_t revision);
  std::vector<std::string> find_ended(const Json& root, TimePoint now);

  Parts parts_;
  std::string hub_public_key_;
  std::mutex taking_;    // one taker of a private key at a time
  std::mutex applying_;  // one call of apply at a time, so that an older document never overtakes a newer one
  std::int64_t brought_revision_ = 0;  // the newest that apply was called for; guarded by applying_
  std::mutex expiry_;                  // guards the following
  std::int64_t expiry_revision_ = -1;
  std::optional<TimePoint> next_expiry_;
  TimePoint last_expiry_check_;
};

}  // namespace cell::peers
