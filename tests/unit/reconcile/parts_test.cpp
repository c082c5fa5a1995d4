#include <gtest/gtest.h>

#include "reconcile/core_stack.hpp"
#include "reconcile/documents.hpp"
#include "reconcile/field_class.hpp"
#include "reconcile/ledger.hpp"

namespace cell::reconcile {
namespace {

using std::chrono::milliseconds;

const Resource kThing{"core", "container", "t-dns", {}, "h1"};

TEST(Ledger, WaitsTwiceAsLongAfterEachFailureUpToFiveMinutes) {
  ManualClock clock;
  Ledger ledger(clock, {});
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 11; ++i) {
    ledger.set_failed(kThing, Error{Code::unavailable, "no"});
    EXPECT_FALSE(ledger.is_due(kThing));
    waits.push_back(ledger.until_due()->count());
    clock.advance(*ledger.until_due());
    EXPECT_TRUE(ledger.is_due(kThing));
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000,
                                              300000, 300000}));
}

TEST(Ledger, AnotherWishIsDueAtOnceAndSuccessForgets) {
  ManualClock clock;
  Ledger ledger(clock, {});
  ledger.set_failed(kThing, Error{Code::unavailable, "no"});
  ledger.set_failed(kThing, Error{Code::unavailable, "no"});

  Resource other = kThing;
  other.hash = "h2";

  EXPECT_TRUE(ledger.is_due(other));
  EXPECT_EQ(ledger.states().at(0).attempt, 2);
  ledger.set_applied(kThing);
  EXPECT_EQ(ledger.states().at(0).attempt, 0);
  EXPECT_FALSE(ledger.until_due().has_value());
}

TEST(Ledger, TellsOfChangesOnly) {
  ManualClock clock;
  std::vector<Status> told;
  Ledger ledger(clock, [&](const State& state) { told.push_back(state.status); });

  ledger.set_applied(kThing);
  ledger.set_applied(kThing);
  ledger.set_failed(kThing, Error{Code::unavailable, "no"});
  ledger.set_failed(kThing, Error{Code::unavailable, "no"});
  ledger.set_failed(kThing, Error{Code::unavailable, "other"});
  ledger.set_applied(kThing);

  EXPECT_EQ(told, (std::vector<Status>{Status::applied, Status::failed, Status::failed, Status::applied}));
}

TEST(FieldClass, ComesFromOneTable) {
  EXPECT_EQ(class_of("caddy", "document"), FieldClass::hot);
  EXPECT_EQ(class_of("chrony", "files"), FieldClass::restart);
  EXPECT_EQ(class_of("container", "Image"), FieldClass::recreate);
  EXPECT_EQ(class_of("unknown", "x"), FieldClass::recreate);
  EXPECT_EQ(class_of_change("caddy", {{"a", 1}}, {{"a", 2}}), FieldClass::hot);
  EXPECT_EQ(class_of_change("container", {{"a", 1}}, {{"a", 1}, {"b", 2}}), FieldClass::recreate);
  EXPECT_FALSE(class_of_change("container", {{"a", 1}}, {{"a", 1}}).has_value());
}

hub::Document hub_document() {
  hub::Document document;
  document.private_key = "k";
  document.peers = {{"a", "", {"10.13.13.2"}, {}}, {"b", "", {"10.13.13.3"}, {}}};
  return document;
}

TEST(PeerChange, HoldsWhatCameWentAndChanged) {
  const hub::Document before = hub_document();
  hub::Document after = before;
  after.peers = {{"a", "", {"10.13.13.9"}, {}}, {"c", "", {"10.13.13.4"}, {}}};

  const auto change = peer_change(before, after);

  ASSERT_TRUE(change.has_value());
  ASSERT_EQ(change->upsert.size(), 2U);
  EXPECT_EQ(change->upsert[0].public_key, "a");
  EXPECT_EQ(change->upsert[1].public_key, "c");
  EXPECT_EQ(change->remove_keys, std::vector<std::string>{"b"});
}

TEST(PeerChange, IsNoneWhenMoreThanThePeersDiffers) {
  hub::Document after = hub_document();
  after.mtu = 1380;

  EXPECT_FALSE(peer_change(hub_document(), after).has_value());
}

CoreSettings core_settings() {
  CoreSettings settings;
  settings.instance = "t";
  settings.directory = "/var/lib/cell-t";
  settings.network_ipv4 = "172.29.1.0/24";
  settings.caddy = {"172.29.1.2", "fd00::2"};
  settings.dns = {"172.29.1.3", "fd00::3"};
  settings.ntp = {"172.29.1.4", "fd00::4"};
  settings.wireguard = {"172.29.1.9", "fd00::9"};
  settings.dns_port = 5353;
  settings.timezone = "Europe/Vienna";
  return settings;
}

TEST(CoreStack, DnsIsThisContainer) {
  const Desired desired = core_stack(core_settings());

  ASSERT_EQ(desired.containers.size(), 4U);
  EXPECT_EQ(desired.containers[1].spec.name, "t-dns");
  EXPECT_EQ(engine::to_create_body(desired.containers[1].spec), Json::parse(R"({
    "Image": "pic/coredns:1", "Entrypoint": ["coredns"], "Cmd": ["-conf", "/var/lib/cell-t/config/dns/Corefile"],
    "Env": ["TZ=Europe/Vienna"], "Labels": {}, "ExposedPorts": {"53/udp": {}, "53/tcp": {}},
    "HostConfig": {
      "NetworkMode": "t-network", "RestartPolicy": {"Name": "unless-stopped"}, "ReadonlyRootfs": true, "Privileged": false,
      "LogConfig": {"Type": "json-file", "Config": {"max-size": "5m", "max-file": "5"}},
      "Mounts": [{"Type": "bind", "Source": "/var/lib/cell-t/config/dns", "Target": "/var/lib/cell-t/config/dns", "ReadOnly": true}],
      "PortBindings": {"53/udp": [{"HostIp": "", "HostPort": "5353"}], "53/tcp": [{"HostIp": "", "HostPort": "5353"}]},
      "CapAdd": ["NET_BIND_SERVICE"], "CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges:true"], "PidsLimit": 512},
    "NetworkingConfig": {"EndpointsConfig": {"t-network": {"IPAMConfig": {"IPv4Address": "172.29.1.3"}, "Aliases": ["dns"]}}}
  })"));
}

TEST(CoreStack, HubForwardsIpv6OnlyWhereTheNetworkHasIt) {
  CoreSettings settings = core_settings();
  const auto without = core_stack(settings).containers[3].spec;
  settings.network_ipv6 = "fd00::/64";
  const auto with = core_stack(settings).containers[3].spec;

  EXPECT_EQ(without.name, "t-wireguard");
  EXPECT_EQ(without.devices, std::vector<std::string>{"/dev/net/tun"});
  EXPECT_EQ(without.capabilities, std::vector<std::string>{"NET_ADMIN"});
  EXPECT_EQ(without.sysctls, (std::map<std::string, std::string>{{"net.ipv4.ip_forward", "1"},
                                                                 {"net.ipv4.conf.all.src_valid_mark", "1"}}));
  EXPECT_TRUE(without.ipv6_address.empty());
  EXPECT_EQ(with.sysctls.at("net.ipv6.conf.all.forwarding"), "1");
  EXPECT_EQ(with.ipv6_address, "fd00::9");
}

}  // namespace
}  // namespace cell::reconcile
