#include <thread>

#include <gtest/gtest.h>

#include "unit/support/peers_state.hpp"

// What is brought to the hub after a commit, and when.
namespace cell::peers {
namespace {

using test::PeersState;

struct BringingTest : testing::Test {
  PeersState cell;
  Peers& peers = *cell.peers;

  void go_back_to(const Json& then) {
    ASSERT_TRUE(cell.config->commit({}, [&](Json& root) -> Result<void> {
      root = then;
      return {};
    }));
  }
};

TEST_F(BringingTest, HubThatIsDownDoesNotStopTheCreation) {
  cell.hub_failure = Error{Code::unavailable, "no hub"};
  const auto made = cell.add("phone");
  EXPECT_TRUE(peers.find(made.peer.id));

  cell.hub_failure = std::nullopt;
  cell.add("laptop");
  EXPECT_EQ(cell.brought.at(0).peers.size(), 2u);
}

TEST_F(BringingTest, HubThatHangsIsNotWaitedForByEachOfMany) {
  constexpr std::size_t kMany = 6;
  std::atomic<int> calls{0};
  const auto slow =
      Peers::open({*cell.config, *cell.sealed, cell.clock, cell.events, cell.logs->logger("peers"), 51820,
                   [&]() -> Result<void> {
                     ++calls;
                     while (cell.config->snapshot()->root["peers"].size() < kMany) std::this_thread::yield();
                     return Error{Code::timeout, "the hub's agent did not answer in time"};
                   }})
          .value();
  {
    std::vector<std::jthread> makers;
    for (std::size_t i = 0; i < kMany; ++i) {
      makers.emplace_back(
          [&, i] { EXPECT_TRUE(slow->create(PeersState::named("d" + std::to_string(i)), {})); });
    }
  }

  // The first, and one that brings what was committed while the first waited.
  EXPECT_LE(calls, 2);
}

TEST_F(BringingTest, ManyAtOnceGetDifferentAddressesAndAreAllInTheHub) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&, i] { cell.add("device " + std::to_string(i)); });
  }
  std::set<std::string> addresses;
  for (const Peer& peer : peers.list()) addresses.insert(peer.addresses[0]);
  EXPECT_EQ(addresses.size(), 8u);
  EXPECT_EQ(cell.brought.back().peers.size(), 8u);
}

TEST_F(BringingTest, WhatARestoredRevisionHoldsIsBrought) {
  const auto phone = cell.add("phone");
  const Json with_phone = cell.config->snapshot()->root;
  PeerChange off;
  off.enabled = false;
  ASSERT_TRUE(peers.change(phone.peer.id, off, {"admin", true}, {}));
  go_back_to(with_phone);
  ASSERT_TRUE(cell.brought.back().peers.empty());

  peers.bring_current();

  ASSERT_EQ(cell.brought.back().peers.size(), 1u);
  EXPECT_EQ(cell.brought.back().peers[0].public_key, phone.peer.public_key);
  const std::size_t times = cell.brought.size();
  peers.bring_current();
  EXPECT_EQ(cell.brought.size(), times);
}

TEST_F(BringingTest, DeviceWhoseSecretsWentWithALaterKeyIsLeftOutAndSaysSo) {
  const auto phone = cell.add("phone");
  cell.add("laptop");
  const Json before = cell.config->snapshot()->root;
  ASSERT_TRUE(peers.rekey(phone.peer.id, {}, PrivateKey::keep, {}));
  go_back_to(before);

  peers.bring_current();

  const Peer now = peers.find(phone.peer.id).value();
  EXPECT_TRUE(peers.needs_new_key(now));
  ASSERT_EQ(cell.brought.back().peers.size(), 1u) << "the laptop alone";
  EXPECT_NE(cell.brought.back().peers[0].public_key, phone.peer.public_key);
  for (const auto& config : {peers.config(now.id), peers.config_with_key(now.id)}) {
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, Code::gone);
    EXPECT_EQ(config.error().hint, "give the device a new key");
  }

  const auto mended = peers.rekey(phone.peer.id, {}, PrivateKey::keep, {}).value();
  EXPECT_FALSE(peers.needs_new_key(mended.peer));
  EXPECT_EQ(cell.brought.back().peers.size(), 2u);
}

}  // namespace
}  // namespace cell::peers
