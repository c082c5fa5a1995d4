#pragma once

#include <gtest/gtest.h>

#include "crypto/x25519.hpp"
#include "domain/peers/hub_document.hpp"
#include "domain/peers/peers.hpp"
#include "unit/support/cell_state.hpp"
#include "unit/support/recorded_events.hpp"

namespace cell::test {

// A cell with devices; what is brought to the hub is kept.
struct PeersState : ConfigState {
  std::unique_ptr<config::SealedStore> sealed =
      config::SealedStore::open(directory.path() / "sealed.json", test_sealer()).value();
  RecordedEvents events;
  std::vector<hub::Document> brought;
  std::optional<Error> hub_failure;
  std::map<std::string, hub::Exit> exits{{"tor/out", {17, "172.20.0.17", ""}},
                                         {"vpn/out", {18, "172.20.0.18", "fd00:20::12"}}};
  std::unique_ptr<peers::Peers> peers = open_peers();

  std::unique_ptr<peers::Peers> open_peers() {
    return peers::Peers::open({*config, *sealed, clock, events, logs->logger("peers"), 51820,
                               [this]() -> Result<void> {
                                 if (hub_failure) return *hub_failure;
                                 brought.push_back(CELL_TRY(document()));
                                 return {};
                               },
                               [this](const std::string& name) { return exits.contains(name); }})
        .value();
  }
  Result<hub::Document> document() {
    const peers::HubFrame frame{51820, {"172.20.0.0/16"}, {{53, "udp", "172.20.0.3", "", 53, true}}, exits};
    return peers::hub_document(
        config->snapshot()->root, [this](const std::string& name) { return sealed->get(name); }, frame,
        clock.now());
  }
  static std::string new_public_key() { return crypto::generate_wireguard_keys().value().public_key; }
  static peers::NewPeer named(const std::string& name, const std::string& public_key = {}) {
    peers::NewPeer wanted;
    wanted.name = name;
    wanted.public_key = public_key;
    return wanted;
  }
  peers::Configured add(const std::string& name) {
    auto made = peers->create(named(name), {});
    EXPECT_TRUE(made) << made.error().message;
    return std::move(made).value();
  }
  // A person's id.
  std::string add_person(const std::string& name) {
    const config::Edit edit = [&](Json& root) -> Result<void> {
      root["people"]["person-1"] = {{"name", name},
                                    {"role", "peer"},
                                    {"created_at", "2026-01-01T00:00:00Z"},
                                    {"password_changed_at", "2026-01-01T00:00:00Z"}};
      return {};
    };
    EXPECT_TRUE(config->commit({}, edit));
    return "person-1";
  }
  // Configuration and secrets, to see that nothing changed.
  Json fingerprint_of_devices() {
    return {{"config", config->snapshot()->root}, {"sealed", sealed->names()}};
  }
};

}  // namespace cell::test
