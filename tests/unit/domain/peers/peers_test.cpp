#include "domain/peers/peers.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "unit/support/peers_state.hpp"

namespace cell::peers {
namespace {

using std::chrono::seconds;
using test::PeersState;

const Asker kAdmin{"admin", true};

struct PeersTest : testing::Test {
  PeersState cell;
  Peers& peers = *cell.peers;

  static std::string line(const Secret& config, const std::string& key) {
    const std::string text(config.reveal());
    const std::size_t at = text.find("\n" + key + " = ");
    if (at == std::string::npos) return "(no " + key + ")";
    const std::size_t begin = at + key.size() + 4;
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  void expect_refused(const NewPeer& wanted, Code code, const std::string& pointer,
                      const std::string& reason = {}) {
    const Json before = cell.fingerprint_of_devices();
    const auto made = peers.create(wanted, {});
    ASSERT_FALSE(made) << wanted.name;
    EXPECT_EQ(made.error().code, code) << made.error().message;
    EXPECT_EQ(made.error().fields.empty() ? "" : made.error().fields[0].pointer, pointer);
    if (!reason.empty()) {
      EXPECT_EQ(made.error().reason, reason);
    }
    EXPECT_EQ(cell.fingerprint_of_devices(), before);
  }
};

TEST_F(PeersTest, FirstDeviceGetsTheAddressesAfterTheHubs) {
  const auto made = cell.add("Ann's Phone");

  EXPECT_EQ(made.peer.addresses, (std::vector<std::string>{"10.13.13.2", "fd12:3456:789a:1::2"}));
  EXPECT_EQ(made.peer.dns_label, "ann-s-phone");
  EXPECT_EQ(cell.add("Laptop").peer.addresses[0], "10.13.13.3");
}

TEST_F(PeersTest, AddressOfADeletedDeviceIsGivenAgain) {
  const auto first = cell.add("a");
  cell.add("b");
  ASSERT_TRUE(peers.remove(first.peer.id, {}));

  EXPECT_EQ(cell.add("c").peer.addresses[0], "10.13.13.2");
}

TEST_F(PeersTest, HubHasTheDeviceWhenCreateReturns) {
  const auto made = cell.add("phone");

  ASSERT_EQ(cell.brought.size(), 1u);
  ASSERT_EQ(cell.brought[0].peers.size(), 1u);
  EXPECT_EQ(cell.brought[0].peers[0].public_key, made.peer.public_key);
  EXPECT_EQ(cell.brought[0].peers[0].preshared_key, line(made.config, "PresharedKey"));
  EXPECT_EQ(Json(cell.events.take("peer.changed")), Json::array({{{"id", made.peer.id}}}));
}

TEST_F(PeersTest, ConfigurationIsWhatAClientNeeds) {
  ASSERT_TRUE(cell.config->commit({}, [](Json& root) -> Result<void> {
    root["identity"]["domain"]["name"] = "home.cell";
    root["identity"]["endpoint_host"] = "2001:db8::7";
    return {};
  }));
  const auto made = cell.add("phone");

  EXPECT_EQ(line(made.config, "Address"), "10.13.13.2/32, fd12:3456:789a:1::2/128");
  EXPECT_EQ(line(made.config, "DNS"), "10.13.13.1, fd12:3456:789a:1::1, home.cell");
  EXPECT_EQ(line(made.config, "MTU"), "1420");
  EXPECT_EQ(line(made.config, "PublicKey"), peers.hub_public_key());
  EXPECT_EQ(line(made.config, "AllowedIPs"), "0.0.0.0/0, ::/0");
  EXPECT_EQ(line(made.config, "Endpoint"), "[2001:db8::7]:51820");
  EXPECT_EQ(line(made.config, "PersistentKeepalive"), "25");
  EXPECT_EQ(crypto::wireguard_public_key(Secret(line(made.config, "PrivateKey"))).value(),
            made.peer.public_key);
}

TEST_F(PeersTest, KeyOfTheBrowserNeverNeedsAPrivateOne) {
  const std::string key = PeersState::new_public_key();
  const auto made = peers.create(PeersState::named("phone", key), {}).value();

  EXPECT_EQ(made.peer.public_key, key);
  EXPECT_FALSE(made.peer.key_from_server);
  EXPECT_EQ(line(made.config, "PrivateKey"), "<PRIVATE_KEY>");
  EXPECT_FALSE(peers.has_private_key(made.peer));
  EXPECT_TRUE(peers.has_preshared_key(made.peer));
  EXPECT_EQ(peers.config_with_key(made.peer.id).error().reason, "config_gone");
}

TEST_F(PeersTest, PrivateKeyIsGivenOutOnce) {
  const auto made = cell.add("phone");
  EXPECT_TRUE(peers.has_private_key(made.peer));
  EXPECT_EQ(peers.config_with_key(made.peer.id)->reveal(), made.config.reveal());
  EXPECT_EQ(line(peers.config(made.peer.id).value(), "PrivateKey"), "<PRIVATE_KEY>");

  EXPECT_EQ(peers.take_config(made.peer.id)->config.reveal(), made.config.reveal());

  const auto again = peers.take_config(made.peer.id);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::gone);
  EXPECT_EQ(again.error().reason, "config_gone");
  EXPECT_FALSE(peers.has_private_key(made.peer));
  EXPECT_TRUE(peers.has_preshared_key(made.peer));
}

TEST_F(PeersTest, OnlyOneOfManyTakersGetsThePrivateKey) {
  const std::string id = cell.add("phone").peer.id;
  std::atomic<int> taken{0};
  {
    std::vector<std::jthread> takers;
    for (int i = 0; i < 8; ++i) takers.emplace_back([&] { taken += peers.take_config(id).ok() ? 1 : 0; });
  }
  EXPECT_EQ(taken, 1);
}

TEST_F(PeersTest, RefusesNamesThatAreTakenWhateverTheirCase) {
  cell.add("Phone");
  expect_refused(PeersState::named("pHONE"), Code::conflict, "/name", "name_taken");
  expect_refused(PeersState::named(""), Code::invalid_argument, "/name");
  expect_refused(PeersState::named("a\nb"), Code::invalid_argument, "/name");
}

TEST_F(PeersTest, RefusesKeysThatAreNoneOrTaken) {
  const std::string key = PeersState::new_public_key();
  ASSERT_TRUE(peers.create(PeersState::named("a", key), {}));
  expect_refused(PeersState::named("b", key), Code::conflict, "/public_key", "key_taken");
  expect_refused(PeersState::named("b", peers.hub_public_key()), Code::conflict, "/public_key", "key_taken");
  expect_refused(PeersState::named("b", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                 Code::invalid_argument, "/public_key");
  for (const char* bad : {"x", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "<PRIVATE_KEY>"}) {
    expect_refused(PeersState::named("b", bad), Code::invalid_argument, "/public_key");
  }
}

TEST_F(PeersTest, RefusesWrongOwnersTagsAndTimes) {
  NewPeer wanted = PeersState::named("phone");
  wanted.owner_id = "nobody";
  expect_refused(wanted, Code::invalid_argument, "/owner_id");
  wanted = PeersState::named("phone");
  wanted.expires_at = cell.clock.now();
  expect_refused(wanted, Code::invalid_argument, "/expires_at");
  wanted = PeersState::named("phone");
  wanted.tags = {"ok", "a\tb"};
  expect_refused(wanted, Code::invalid_argument, "/tags/1");
  wanted.tags = {"ok", "ok"};
  expect_refused(wanted, Code::invalid_argument, "/tags/1");
  wanted.tags = {std::string(33, 'x')};
  expect_refused(wanted, Code::invalid_argument, "/tags/0");
  wanted.tags = {""};
  expect_refused(wanted, Code::invalid_argument, "/tags/0");
  wanted.tags.assign(17, "t");
  expect_refused(wanted, Code::invalid_argument, "/tags");
}

TEST_F(PeersTest, FullPoolIsAConflict) {
  ASSERT_TRUE(cell.config->commit({}, [](Json& root) -> Result<void> {
    root["network"]["ipv4_pool"] = "10.13.13.0/30";
    return {};
  }));
  EXPECT_EQ(cell.add("a").peer.addresses[0], "10.13.13.2");
  expect_refused(PeersState::named("b"), Code::conflict, "", "pool_exhausted");
}

TEST_F(PeersTest, StaleRevisionIsRefusedWithoutATrace) {
  const Json before = cell.fingerprint_of_devices();
  const auto made = peers.create(PeersState::named("a"), {"test", "x", 99});
  EXPECT_EQ(made.error().code, Code::precondition_failed);
  EXPECT_EQ(cell.fingerprint_of_devices(), before);
  EXPECT_TRUE(cell.brought.empty());
}

TEST_F(PeersTest, ChangesWhatIsAskedAndNothingElse) {
  const std::string ann = cell.add_person("Ann");
  const Peer before = cell.add("phone").peer;
  cell.clock.advance(seconds{5});

  PeerChange wanted;
  wanted.name = "tablet";
  wanted.owner_id = ann;
  wanted.tags = std::vector<std::string>{"family"};
  const Peer after = peers.change(before.id, wanted, kAdmin, {}).value();

  EXPECT_EQ(after.name, "tablet");
  EXPECT_EQ(after.dns_label, "tablet");
  EXPECT_EQ(after.owner_id, ann);
  EXPECT_EQ(after.addresses, before.addresses);
  EXPECT_EQ(after.public_key, before.public_key);
  EXPECT_NE(after.updated_at, before.updated_at);
  EXPECT_EQ(peers.find(before.id)->name, "tablet");
  EXPECT_EQ(cell.brought.size(), 1u) << "nothing of this means anything to the hub";
}

TEST_F(PeersTest, DisabledDevicesAreNotInTheHub) {
  const std::string id = cell.add("phone").peer.id;
  PeerChange off;
  off.enabled = false;
  ASSERT_TRUE(peers.change(id, off, kAdmin, {}));
  EXPECT_TRUE(cell.brought.back().peers.empty());

  PeerChange on;
  on.enabled = true;
  ASSERT_TRUE(peers.change(id, on, kAdmin, {}));
  EXPECT_EQ(cell.brought.back().peers.size(), 1u);
}

// Who asks, as "admin", "owner" or "other", and what becomes of it.
struct SwitchStep {
  const char* who;
  bool on;
  bool is_allowed;
};
struct SwitchCase {
  const char* name;
  std::vector<SwitchStep> steps;
};
class SwitchingTest : public PeersTest, public testing::WithParamInterface<SwitchCase> {};

TEST_P(SwitchingTest, IsUndoneByWhoMay) {
  const std::string id = cell.add("phone").peer.id;
  for (const SwitchStep& step : GetParam().steps) {
    const std::string who = step.who;
    const Json before = cell.fingerprint_of_devices();
    PeerChange wanted;
    wanted.enabled = step.on;
    const auto after = peers.change(id, wanted, {who, who == "admin"}, {});

    ASSERT_EQ(after.ok(), step.is_allowed) << who << (step.on ? " on" : " off");
    if (step.is_allowed) {
      EXPECT_EQ(after->enabled, step.on);
      continue;
    }
    EXPECT_EQ(after.error().code, Code::forbidden);
    EXPECT_EQ(after.error().fields.at(0).pointer, "/enabled");
    EXPECT_EQ(cell.fingerprint_of_devices(), before);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, SwitchingTest,
    testing::Values(SwitchCase{"own_doing", {{"owner", false, true}, {"owner", true, true}}},
                    SwitchCase{"administrators_doing", {{"admin", false, true}, {"owner", true, false}}},
                    SwitchCase{"administrator_undoes",
                               {{"admin", false, true}, {"admin", true, true}, {"owner", true, true}}},
                    SwitchCase{"administrator_undoes_the_owners",
                               {{"owner", false, true}, {"admin", true, true}}},
                    SwitchCase{"administrator_comes_second",
                               {{"owner", false, true}, {"admin", false, true}, {"owner", true, false}}},
                    SwitchCase{"owner_comes_second",
                               {{"admin", false, true}, {"owner", false, true}, {"owner", true, false}}},
                    SwitchCase{"former_owners_doing", {{"other", false, true}, {"owner", true, false}}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(PeersTest, DeviceThatWasOffBeforeAnybodyKeptWhoDidItIsTheAdministrators) {
  const std::string id = cell.add("phone").peer.id;
  ASSERT_TRUE(cell.config->commit({}, [&](Json& root) -> Result<void> {
    root["peers"][id]["enabled"] = false;
    return {};
  }));
  PeerChange on;
  on.enabled = true;
  EXPECT_EQ(peers.change(id, on, {"owner"}, {}).error().code, Code::forbidden);
  EXPECT_TRUE(peers.change(id, on, kAdmin, {}));
}

TEST_F(PeersTest, OwnerMayOnlyBringTheEndForward) {
  const std::string id = cell.add("phone").peer.id;
  const auto end = cell.clock.now() + seconds{3600};
  const auto change = [&](const std::optional<TimePoint>& expires_at, const Asker& asker) {
    PeerChange wanted;
    wanted.expires_at = expires_at;
    return peers.change(id, wanted, asker, {});
  };
  const Asker owner{"owner"};
  EXPECT_TRUE(change(end, owner));
  EXPECT_TRUE(change(end, owner)) << "the same again";
  EXPECT_TRUE(change(end - seconds{60}, owner));

  for (const std::optional<TimePoint>& longer : {std::optional(end), std::optional<TimePoint>{}}) {
    const auto refused = change(longer, owner);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::forbidden);
    EXPECT_EQ(refused.error().fields.at(0).pointer, "/expires_at");
  }
  EXPECT_EQ(peers.find(id)->expires_at, end - seconds{60});
  EXPECT_TRUE(change({}, kAdmin));
}

TEST_F(PeersTest, PolicyGoesToTheHub) {
  const std::string id = cell.add("phone").peer.id;
  PeerChange wanted;
  wanted.policy = hub::Policy{false, true, true, false};
  ASSERT_TRUE(peers.change(id, wanted, kAdmin, {}));
  EXPECT_EQ(cell.brought.back().peers[0].policy, (hub::Policy{false, true, true, false}));
}

TEST_F(PeersTest, ExitGoesToTheHub) {
  const auto id = cell.add("phone").peer.id;
  EXPECT_EQ(cell.brought.back().peers[0].exit, 0U);

  ASSERT_TRUE(peers.change(id, {.exit = "vpn/out"}, kAdmin, {}));

  EXPECT_EQ(peers.find(id)->exit, "vpn/out");
  EXPECT_EQ(cell.brought.back().exits,
            (std::vector<hub::Exit>{{17, "172.20.0.17", ""}, {18, "172.20.0.18", "fd00:20::12"}}));
  EXPECT_EQ(cell.brought.back().peers[0].exit, 18U);
  EXPECT_TRUE(cell.brought.back().peers[0].policy.internet);

  ASSERT_TRUE(peers.change(id, {.exit = ""}, kAdmin, {}));

  EXPECT_EQ(cell.brought.back().peers[0].exit, 0U);
  EXPECT_FALSE(cell.config->snapshot()->root["peers"][id].contains("exit"));
}

TEST_F(PeersTest, ExitThatIsNotThereIsRefused) {
  NewPeer wanted = PeersState::named("phone");
  wanted.exit = "tor/in";
  expect_refused(wanted, Code::invalid_argument, "/exit");
  const auto id = cell.add("phone").peer.id;

  const auto refused = peers.change(id, {.exit = "tor"}, kAdmin, {});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fields.at(0).pointer, "/exit");
  EXPECT_EQ(peers.find(id)->exit, "");
}

TEST_F(PeersTest, DeviceWhoseExitIsGoneHasNoInternetAndKeepsTheRest) {
  const auto id = cell.add("phone").peer.id;
  ASSERT_TRUE(peers.change(id, {.exit = "tor/out"}, kAdmin, {}));

  cell.exits.erase("tor/out");
  // Everything else about it can still be changed.
  ASSERT_TRUE(peers.change(id, {.name = "tablet", .exit = "tor/out"}, kAdmin, {}));

  const auto peer = cell.document()->peers.at(0);
  EXPECT_EQ(peer.exit, 0U);
  EXPECT_FALSE(peer.policy.internet);
  EXPECT_TRUE(peer.policy.services);
}

TEST_F(PeersTest, RenamingToATakenNameChangesNothing) {
  cell.add("phone");
  const std::string id = cell.add("laptop").peer.id;
  const Json before = cell.fingerprint_of_devices();
  PeerChange wanted;
  wanted.name = "Phone";
  wanted.enabled = false;
  EXPECT_EQ(peers.change(id, wanted, kAdmin, {}).error().reason, "name_taken");
  EXPECT_EQ(cell.fingerprint_of_devices(), before);
}

TEST_F(PeersTest, RemovingLeavesNoSecretBehind) {
  const auto before = cell.sealed->names();
  const std::string id = cell.add("phone").peer.id;
  ASSERT_TRUE(peers.remove(id, {}));

  EXPECT_EQ(cell.sealed->names(), before);
  EXPECT_EQ(peers.find(id).error().code, Code::not_found);
  EXPECT_EQ(peers.remove(id, {}).error().code, Code::not_found);
  EXPECT_TRUE(cell.brought.back().peers.empty());
}

TEST_F(PeersTest, RekeyReplacesAllKeys) {
  const auto before = cell.add("phone");
  const auto after = peers.rekey(before.peer.id, {}, PrivateKey::keep, {}).value();

  EXPECT_NE(after.peer.public_key, before.peer.public_key);
  EXPECT_NE(line(after.config, "PresharedKey"), line(before.config, "PresharedKey"));
  EXPECT_EQ(after.peer.addresses, before.peer.addresses);
  EXPECT_EQ(cell.brought.back().peers[0].public_key, after.peer.public_key);
  EXPECT_EQ(cell.brought.back().peers[0].preshared_key, line(after.config, "PresharedKey"));
  EXPECT_FALSE(cell.sealed->contains(preshared_key_name(before.peer)));
  EXPECT_FALSE(cell.sealed->contains(private_key_name(before.peer)));
  EXPECT_TRUE(peers.has_private_key(after.peer));
}

TEST_F(PeersTest, RekeyCanForgetThePrivateKeyAtOnce) {
  const std::string id = cell.add("phone").peer.id;
  const auto after = peers.rekey(id, {}, PrivateKey::forget, {}).value();
  EXPECT_EQ(line(after.config, "PrivateKey").size(), 44u);
  EXPECT_FALSE(peers.has_private_key(after.peer));
}

TEST_F(PeersTest, RefusedRekeyLeavesTheOldKeysInForce) {
  const auto phone = cell.add("phone");
  const auto laptop = cell.add("laptop");
  const Json before = cell.fingerprint_of_devices();
  for (const std::string& key :
       {laptop.peer.public_key, phone.peer.public_key, peers.hub_public_key(), std::string("x")}) {
    EXPECT_EQ(peers.rekey(phone.peer.id, key, PrivateKey::keep, {}).error().fields.at(0).pointer,
              "/public_key");
  }
  EXPECT_EQ(peers.rekey(phone.peer.id, {}, PrivateKey::keep, {"t", "x", 1}).error().code,
            Code::precondition_failed);
  EXPECT_EQ(cell.fingerprint_of_devices(), before);
  EXPECT_EQ(peers.config_with_key(phone.peer.id)->reveal(), phone.config.reveal());
}

TEST_F(PeersTest, DeviceIsCutOffWhenItsTimeComes) {
  NewPeer wanted = PeersState::named("guest");
  wanted.expires_at = cell.clock.now() + seconds{10};
  const std::string id = peers.create(wanted, {})->peer.id;
  cell.add("phone");
  EXPECT_EQ(peers.expire_due(), wanted.expires_at);
  EXPECT_EQ(cell.brought.size(), 2u);
  cell.events.take("peer.changed");

  cell.clock.advance(seconds{9});
  EXPECT_EQ(peers.expire_due(), wanted.expires_at);
  EXPECT_EQ(cell.brought.size(), 2u);

  cell.clock.advance(seconds{1});
  EXPECT_EQ(peers.expire_due(), std::nullopt);
  ASSERT_EQ(cell.brought.size(), 3u);
  EXPECT_EQ(cell.brought.back().peers.size(), 1u);
  EXPECT_EQ(Json(cell.events.take("peer.changed")), Json::array({{{"id", id}}}));
  peers.expire_due();
  EXPECT_EQ(cell.brought.size(), 3u) << "once is enough";
}

TEST_F(PeersTest, DeviceThatExpiresBeforeTheFirstLookIsCutOffToo) {
  peers.expire_due();
  NewPeer wanted = PeersState::named("guest");
  wanted.expires_at = cell.clock.now() + seconds{1};
  ASSERT_TRUE(peers.create(wanted, {}));
  cell.clock.advance(seconds{2});

  peers.expire_due();
  EXPECT_TRUE(cell.brought.back().peers.empty());
}

TEST_F(PeersTest, LaterExpiryBringsTheDeviceBack) {
  NewPeer wanted = PeersState::named("guest");
  wanted.expires_at = cell.clock.now() + seconds{1};
  const std::string id = peers.create(wanted, {})->peer.id;
  cell.clock.advance(seconds{2});
  peers.expire_due();
  PeerChange later;
  later.expires_at = std::optional<TimePoint>{};
  ASSERT_TRUE(peers.change(id, later, kAdmin, {}));
  EXPECT_EQ(cell.brought.back().peers.size(), 1u);
  EXPECT_EQ(peers.find(id)->expires_at, std::nullopt);
}

TEST_F(PeersTest, SecretsOfACrashBeforeTheCommitAreSweptAtTheStart) {
  const auto kept = cell.add("phone");
  const auto before = cell.sealed->names();
  ASSERT_TRUE(cell.sealed->put("peers/lost/private_key/0123", Secret("x")));
  const std::string hub_key = peers.hub_public_key();

  cell.peers = cell.open_peers();
  EXPECT_EQ(cell.sealed->names(), before);
  EXPECT_EQ(cell.peers->hub_public_key(), hub_key);
  EXPECT_TRUE(cell.peers->config_with_key(kept.peer.id));
}

TEST_F(PeersTest, TunnelSettingsAreCheckedAndReachTheHub) {
  TunnelChange wanted;
  wanted.mtu = 1380;
  wanted.client_allowed_ips = std::vector<std::string>{"10.13.13.0/24"};
  ASSERT_TRUE(peers.change_tunnel(wanted, {}));
  EXPECT_EQ(cell.brought.back().mtu, 1380);
  EXPECT_EQ(line(cell.add("phone").config, "AllowedIPs"), "10.13.13.0/24");

  const Json before = cell.fingerprint_of_devices();
  wanted.client_allowed_ips = std::vector<std::string>{"10.0.0.0/8", "10.13.13.1/24"};
  EXPECT_EQ(peers.change_tunnel(wanted, {}).error().fields.at(0).pointer, "/client_allowed_ips/1");
  wanted.client_allowed_ips = std::vector<std::string>{};
  EXPECT_EQ(peers.change_tunnel(wanted, {}).error().fields.at(0).pointer, "/client_allowed_ips");
  TunnelChange host;
  host.endpoint_host = "http://x";
  EXPECT_EQ(peers.change_tunnel(host, {}).error().fields.at(0).pointer, "/endpoint_host");
  TunnelChange mtu;
  mtu.mtu = 1279;
  EXPECT_EQ(peers.change_tunnel(mtu, {}).error().fields.at(0).pointer, "/mtu");
  EXPECT_EQ(cell.fingerprint_of_devices(), before);
}

TEST_F(PeersTest, HubDocumentHoldsTheFrameAndTheHubsAddresses) {
  cell.add("phone");
  const hub::Document document = cell.document().value();
  EXPECT_EQ(document.ipv4_address, "10.13.13.1");
  EXPECT_EQ(document.ipv6_address, "fd12:3456:789a:1::1");
  EXPECT_EQ(document.ipv4_pool, "10.13.13.0/24");
  EXPECT_EQ(document.cell_subnets, std::vector<std::string>{"172.20.0.0/16"});
  EXPECT_EQ(document.forwards.size(), 1u);
  EXPECT_EQ(crypto::wireguard_public_key(Secret(document.private_key)).value(), peers.hub_public_key());
  EXPECT_TRUE(hub::document_from_json(hub::to_json(document)));
}

TEST_F(PeersTest, SecretThatCannotBeOpenedIsAnErrorAndNotADeviceLess) {
  cell.add("phone");
  const auto broken = [&](const std::string& name) -> Result<Secret> {
    if (name.starts_with("peers/")) return Error{Code::internal, "sealed with another key"};
    return cell.sealed->get(name);
  };
  EXPECT_FALSE(hub_document(cell.config->snapshot()->root, broken, {}, cell.clock.now()));
}

}  // namespace
}  // namespace cell::peers
