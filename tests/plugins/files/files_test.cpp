#include "support/planning.hpp"

namespace {

using plugins_test::golden;
using plugins_test::Json;

class FilesPlan : public plugins_test::Planning {
 protected:
  Json document(const Json& config) const {
    return Json::parse(file_of(plan(config), "/etc/files/files.json"));
  }
};

TEST_F(FilesPlan, IsWhatTheGoldenSays) {
  EXPECT_EQ(plan(golden("config.json")), golden("contributions.json"));
}

TEST_F(FilesPlan, OwnQuotaGoesBeforeTheCommonOne) {
  const Json accounts = document(golden("config.json"))["accounts"];

  EXPECT_EQ(accounts[0]["quota_mb"], 5000);
  EXPECT_EQ(accounts[1]["quota_mb"], 1000);
}

TEST_F(FilesPlan, NoQuotaIsNoLimit) {
  Json config = golden("config.json");
  config["options"]["default_quota_mb"] = 0;

  EXPECT_TRUE(document(config)["accounts"][1]["quota_mb"].is_null());
}

TEST_F(FilesPlan, PageIsReachedByTheProxyAloneAndOnlyLoggedIn) {
  const Json route = plan(golden("config.json"))["routes"][1];

  EXPECT_EQ(route["path"], "/_cell/");
  EXPECT_EQ(route["auth"], "login");
  EXPECT_EQ(route["headers"]["X-Cell-Key"], "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG");
}

TEST_F(FilesPlan, WithoutItsSecretNothingIsPlanned) {
  Json config = golden("config.json");
  config["secrets"] = Json::object();

  EXPECT_EQ(refused(config), std::vector<std::string>{"/secrets/proxy_key"});
}

TEST_F(FilesPlan, HostileNamesAddNothing) {
  for (const std::string& text : plugins_test::kHostile) {
    if (text.find_first_of("\n\r\t") != std::string::npos) continue;
    Json config = golden("config.json");
    config["accounts"][0]["name"] = text;
    const Json written = document(config);
    EXPECT_EQ(written["accounts"].size(), 2U);
    EXPECT_EQ(written["accounts"][0]["name"], text);
    EXPECT_EQ(written["share_links"], true);
  }
}

}  // namespace
