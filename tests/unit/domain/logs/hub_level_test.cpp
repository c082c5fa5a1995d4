#include "domain/logs/hub_level.hpp"

#include <gtest/gtest.h>

namespace cell::logs {
namespace {

TEST(HubLevel, IsWrittenForTheNextStartOfTheContainer) {
  const Json root = {{"logging", {{"containers", {{"wireguard", "debug"}}}}}};
  const auto document = hub_level_document(root, reconcile::core_names("cell", "/var/lib/cell"));

  ASSERT_EQ(document.files.size(), 1u);
  EXPECT_EQ(document.files[0].path, "/var/lib/cell/config/hub/log_level");
  EXPECT_EQ(document.files[0].content, "debug\n");
  EXPECT_EQ(document.container, "cell-wireguard");
  EXPECT_EQ(document.tell, reconcile::Tell::next_start);
}

}  // namespace
}  // namespace cell::logs
