#include <gtest/gtest.h>

#include "unit/support/peers_state.hpp"

// The host names that devices get.
namespace cell::peers {
namespace {

struct LabelsTest : testing::Test {
  test::PeersState cell;
  Peers& peers = *cell.peers;
};

TEST_F(LabelsTest, LabelsAreUniqueAndAvoidTheCellsOwn) {
  EXPECT_EQ(cell.add("My Phone").peer.dns_label, "my-phone");
  EXPECT_EQ(cell.add("my.phone").peer.dns_label, "my-phone-2");
  EXPECT_EQ(cell.add("my_phone!").peer.dns_label, "my-phone-3");
  EXPECT_EQ(cell.add("日本語").peer.dns_label, "device");
  EXPECT_EQ(cell.add("---").peer.dns_label, "device-2");
  EXPECT_EQ(cell.add("DNS").peer.dns_label, "dns-2");
  EXPECT_EQ(cell.add(std::string(64, 'x')).peer.dns_label, std::string(55, 'x'));
}

TEST_F(LabelsTest, LabelsAvoidTheOwnersDnsRecords) {
  ASSERT_TRUE(cell.config->commit({}, [](Json& root) -> Result<void> {
    root["dns"]["records"]["r1"] = {{"name", "nas"}, {"type", "A"}, {"value", "192.0.2.9"}, {"ttl", 300}};
    return {};
  }));

  EXPECT_EQ(cell.add("NAS").peer.dns_label, "nas-2");
  const std::string id = cell.add("phone").peer.id;
  EXPECT_EQ(peers.change(id, {.name = "nas!"}, {}, {})->dns_label, "nas-3");
}

}  // namespace
}  // namespace cell::peers
