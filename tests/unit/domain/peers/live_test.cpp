#include "domain/peers/live.hpp"

#include <gtest/gtest.h>

#include "unit/support/peers_state.hpp"

namespace cell::peers {
namespace {

using std::chrono::seconds;
using test::PeersState;

struct LiveTest : testing::Test {
  PeersState cell;
  std::unique_ptr<Live> live = open();
  Peer phone = cell.add("phone").peer;

  std::unique_ptr<Live> open() { return Live::open(*cell.database, cell.events, cell.clock).value(); }
  hub::PeerState seen(const Peer& peer, std::uint64_t rx, std::uint64_t tx, bool handshake = true) const {
    return {peer.public_key, "192.0.2.7:40000", handshake ? to_unix(cell.clock.now()) : 0, rx, tx};
  }
  std::vector<Passed> poll(const std::vector<hub::PeerState>& peers) {
    hub::Status status;
    status.up = true;
    status.backend = "userspace";
    status.peers = peers;
    return live->poll(cell.config->snapshot(), status);
  }
  std::vector<Passed> poll_down() {
    return live->poll(cell.config->snapshot(), Error{Code::unavailable, "no hub"});
  }
};

TEST_F(LiveTest, FirstHandshakeIsSeenAtTheNextLook) {
  poll({seen(phone, 0, 0, false)});
  EXPECT_EQ(live->of(phone).state, State::never);
  EXPECT_TRUE(live->is_waiting());
  cell.events.take("peer.live");

  poll({seen(phone, 148, 92)});

  EXPECT_EQ(live->of(phone).state, State::online);
  EXPECT_FALSE(live->is_waiting());
  const auto events = cell.events.take("peer.live");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0][phone.id]["state"], "online");
  EXPECT_EQ(events[0][phone.id]["endpoint"], "192.0.2.7:40000");
  EXPECT_EQ(events[0][phone.id]["last_handshake_at"], format_time(cell.clock.now()));
}

TEST_F(LiveTest, PublishesOnlyWhatChanged) {
  const Peer laptop = cell.add("laptop").peer;
  const hub::PeerState still = seen(phone, 10, 10);
  poll({still, seen(laptop, 0, 0)});
  cell.clock.advance(seconds{2});
  poll({still, seen(laptop, 0, 0)});
  cell.events.take("peer.live");

  cell.clock.advance(seconds{2});
  poll({still,
        hub::PeerState{laptop.public_key, "192.0.2.7:40000", live->of(laptop).last_handshake, 500, 100}});
  auto events = cell.events.take("peer.live");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].size(), 1u);
  EXPECT_EQ(events[0][laptop.id]["rx_rate"], 250);

  const hub::PeerState same{laptop.public_key, "192.0.2.7:40000", live->of(laptop).last_handshake, 500, 100};
  cell.clock.advance(seconds{2});
  poll({still, same});  // the rates fall to 0
  EXPECT_EQ(cell.events.take("peer.live").size(), 1u);
  cell.clock.advance(seconds{2});
  poll({still, same});
  EXPECT_TRUE(cell.events.take("peer.live").empty());
}

TEST_F(LiveTest, APersonIsToldOfTheirOwnDevicesOnly) {
  peers::NewPeer wanted = PeersState::named("tablet");
  wanted.owner_id = cell.add_person("Carla");
  const Peer tablet = cell.peers->create(wanted, {}).value().peer;

  poll({seen(phone, 10, 10), seen(tablet, 20, 20)});

  const auto told = cell.events.take("peer.live to person-1");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_TRUE(told[0].contains(tablet.id));
  EXPECT_FALSE(told[0].contains(phone.id));
  EXPECT_EQ(cell.events.take("peer.live")[0].size(), 2u);
}

TEST_F(LiveTest, RatesAreBytesASecond) {
  poll({seen(phone, 1000, 5000)});
  EXPECT_EQ(live->of(phone).rx_rate, 0u) << "over what time, nobody knows";
  cell.clock.advance(seconds{2});
  poll({seen(phone, 3000, 9000)});
  EXPECT_EQ(live->of(phone).rx_rate, 1000u);
  EXPECT_EQ(live->of(phone).tx_rate, 2000u);
  EXPECT_EQ(live->hub().rx_rate, 1000u);
}

TEST_F(LiveTest, RateAfterASilenceOfTheHubIsOverTheWholeTime) {
  poll({seen(phone, 0, 0)});
  cell.clock.advance(seconds{2});
  poll_down();
  EXPECT_EQ(live->of(phone).rx_rate, 0u);
  cell.clock.advance(seconds{2});
  poll({seen(phone, 4000, 0)});
  EXPECT_EQ(live->of(phone).rx_rate, 1000u);
}

TEST_F(LiveTest, TotalsGoOnWhenCountersBeginAnew) {
  poll({seen(phone, 1000, 2000)});
  poll({seen(phone, 1500, 2500)});
  const auto passed = poll({seen(phone, 100, 50)});  // the hub was restarted

  ASSERT_EQ(passed.size(), 1u);
  EXPECT_EQ(passed[0].rx, 100u);
  EXPECT_EQ(live->of(phone).rx_bytes, 1600u);
  EXPECT_EQ(live->of(phone).tx_bytes, 2550u);
  EXPECT_EQ(live->hub().rx_bytes, 1600u);
}

TEST_F(LiveTest, TotalsGoOnWhenADeviceWasAway) {
  poll({seen(phone, 1000, 0)});
  poll({});
  poll({seen(phone, 1200, 0)});
  EXPECT_EQ(live->of(phone).rx_bytes, 2200u);
}

TEST_F(LiveTest, TotalsAndHandshakeSurviveARestartOfCelld) {
  poll({seen(phone, 1000, 2000)});
  ASSERT_TRUE(live->save());
  const std::int64_t handshake = live->of(phone).last_handshake;

  live = open();
  EXPECT_EQ(live->of(phone).rx_bytes, 1000u);
  EXPECT_EQ(live->of(phone).last_handshake, handshake);
  poll({seen(phone, 1300, 2000)});
  EXPECT_EQ(live->of(phone).rx_bytes, 1300u) << "the hub went on counting";
  EXPECT_EQ(live->hub().rx_bytes, 1300u);
}

TEST_F(LiveTest, StateFollowsHandshakeSwitchAndExpiry) {
  poll({seen(phone, 1, 1)});
  cell.clock.advance(seconds{179});
  EXPECT_EQ(live->of(phone).state, State::online);
  cell.clock.advance(seconds{1});
  EXPECT_EQ(live->of(phone).state, State::idle);
  Peer changed = phone;
  changed.expires_at = cell.clock.now();
  EXPECT_EQ(live->of(changed).state, State::expired);
  changed.enabled = false;
  EXPECT_EQ(live->of(changed).state, State::disabled);
}

TEST_F(LiveTest, AChangeOfStateByTimeAloneIsPublished) {
  poll({seen(phone, 1, 1)});
  const hub::PeerState quiet = seen(phone, 1, 1);
  cell.events.take("peer.live");
  cell.clock.advance(seconds{181});
  poll({quiet});
  EXPECT_EQ(cell.events.take("peer.live").at(0)[phone.id]["state"], "idle");
}

TEST_F(LiveTest, NewKeyBeginsWithNeverAndKeepsTheTotals) {
  poll({seen(phone, 1000, 0)});
  const Peer rekeyed = cell.peers->rekey(phone.id, {}, PrivateKey::keep, {})->peer;
  EXPECT_EQ(live->of(rekeyed).state, State::never);
  poll({seen(rekeyed, 10, 0, false)});
  EXPECT_EQ(live->of(rekeyed).state, State::never);
  EXPECT_EQ(live->of(rekeyed).rx_bytes, 1010u);
  EXPECT_TRUE(live->is_waiting());
}

TEST_F(LiveTest, DeletedDevicesLeaveNoRow) {
  poll({seen(phone, 1000, 0)});
  ASSERT_TRUE(live->save());
  ASSERT_TRUE(cell.peers->remove(phone.id, {}));
  poll({});
  ASSERT_TRUE(live->save());
  EXPECT_EQ(cell.database->query("SELECT peer_id FROM peer_totals WHERE peer_id <> ''")->size(), 0u);
  EXPECT_EQ(open()->hub().rx_bytes, 1000u) << "the hub's own total stays";
}

TEST_F(LiveTest, HubThatDoesNotAnswerIsKnownByItsReason) {
  EXPECT_FALSE(live->hub().looked);
  poll_down();
  EXPECT_TRUE(live->hub().looked);
  EXPECT_FALSE(live->hub().status);
  EXPECT_EQ(live->hub().problem, "no hub");
}

TEST_F(LiveTest, CountsWhoIsOnlineAndWhoWasEverHeard) {
  const Peer laptop = cell.add("laptop").peer;
  poll({seen(phone, 1, 1), seen(laptop, 0, 0, false)});
  EXPECT_EQ(live->online(), 1u);
  EXPECT_EQ(live->heard(laptop.id), 1u);
  EXPECT_EQ(live->heard(phone.id), 0u);
}

}  // namespace
}  // namespace cell::peers
