#include "hub/peer_table.hpp"

#include <gtest/gtest.h>

#include "unit/hub/document_samples.hpp"

namespace cell::hub {
namespace {

TEST(PeerTable, HoldsTheDocument) {
  const PeerTable table(sample_document());

  EXPECT_EQ(table.document(), sample_document());
  EXPECT_EQ(table.hash(), hash_of(sample_document()));
  EXPECT_TRUE(table.settings().peers.empty());
}

TEST(PeerTable, PlansOnlyWhatChanges) {
  const PeerTable table(sample_document());
  auto edited = sample_document().peers[0];
  edited.policy.lan = true;

  EXPECT_TRUE(table.plan({sample_document().peers[0]}, {key_of(9)})->empty());
  EXPECT_EQ(*table.plan({edited}, {key_of(3)}),
            (std::vector<PeerChange>{{sample_document().peers[1], std::nullopt},
                                     {sample_document().peers[0], edited}}));
}

TEST(PeerTable, AppliesChanges) {
  PeerTable table(sample_document());
  Peer added{key_of(5), "", {"10.13.13.3"}, {}};

  table.apply(*table.plan({added}, {key_of(3)}));

  auto expected = sample_document();
  expected.peers[1] = added;
  EXPECT_EQ(table.document(), expected);
  EXPECT_EQ(table.hash(), hash_of(expected));
}

TEST(PeerTable, RefusesAddressesOfOthers) {
  const PeerTable table(sample_document());

  EXPECT_FALSE(table.plan({{key_of(5), "", {"10.13.13.3"}, {}}}, {}).ok());
  EXPECT_FALSE(table.plan({{key_of(5), "", {"10.13.13.1"}, {}}}, {}).ok());
  EXPECT_FALSE(
      table.plan({{key_of(5), "", {"10.13.13.9"}, {}}, {key_of(6), "", {"10.13.13.9"}, {}}}, {}).ok());
  EXPECT_FALSE(table.plan({{key_of(5), "", {"10.13.13.9"}, {}}}, {key_of(5)}).ok());
}

TEST(PeerTable, RefusesAnExitThatIsNotThere) {
  auto document = sample_document();
  document.exits = {{17, "172.20.0.17", ""}};
  const PeerTable table(document);
  auto peer = document.peers[0];

  peer.exit = 17;
  EXPECT_TRUE(table.plan({peer}, {}).ok());
  peer.exit = 18;
  const auto refused = table.plan({peer}, {});

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::invalid_argument);
}

TEST(PeerTable, LetsTwoPeersSwapAddresses) {
  PeerTable table(sample_document());
  auto first = sample_document().peers[0];
  auto second = sample_document().peers[1];
  std::swap(first.addresses, second.addresses);

  const auto changes = table.plan({first, second}, {});
  ASSERT_TRUE(changes.ok());
  table.apply(*changes);

  EXPECT_FALSE(table.plan({{key_of(5), "", {"10.13.13.3"}, {}}}, {key_of(3)}).ok());
  EXPECT_TRUE(table.plan({{key_of(5), "", {"10.13.13.3"}, {}}}, {key_of(2)}).ok());
}

TEST(PeerTable, PlansTheWayToADocument) {
  PeerTable table(sample_document());
  auto document = sample_document();
  document.peers[0].policy.internet = false;
  document.peers[1] = {key_of(7), "", {"10.13.13.7"}, {}};

  table.apply(table.plan(document));

  EXPECT_EQ(table.hash(), hash_of(document));
  EXPECT_TRUE(table.plan(document).empty());
}

}  // namespace
}  // namespace cell::hub
