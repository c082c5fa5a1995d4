#include "domain/settings/change.hpp"

#include <gtest/gtest.h>

#include "domain/settings/document.hpp"

namespace cell::settings {
namespace {

Json document() {
  Json root = initial_document("fd00:1:2:3::/64");
  root["identity"] = {{"cell_name", "home"},
                      {"domain", {{"mode", "local"}, {"name", "home.cell"}}},
                      {"timezone", "UTC"},
                      {"endpoint_host", "192.0.2.7"},
                      {"setup_complete", true}};
  return root;
}

TEST(Settings, Shows) {
  EXPECT_EQ(settings_view(document()),
            (Json::parse(R"({"cell_name": "home", "domain": {"mode": "local", "name": "home.cell"},
    "timezone": "UTC", "endpoint_host": "192.0.2.7", "session": {"idle_s": 1800, "absolute_s": 43200}})")));
}

TEST(Settings, ChangesWhatIsNamed) {
  Json root = document();
  ASSERT_TRUE(apply_settings(
      root, Json::parse(R"({"timezone": "Europe/Berlin", "session": {"idle_s": 60, "absolute_s": 300}})")));

  EXPECT_EQ(root["identity"]["timezone"], "Europe/Berlin");
  EXPECT_EQ(root["identity"]["endpoint_host"], "192.0.2.7");
  EXPECT_EQ(root["session"], (Json{{"idle_s", 60}, {"absolute_s", 300}}));
}

TEST(Settings, ReportsEverythingThatIsWrongAndChangesNothing) {
  Json root = document();
  const auto refused = apply_settings(
      root,
      Json::parse(
          R"({"timezone": "Mars/Olympus", "endpoint_host": "a b", "session": {"idle_s": 400, "absolute_s": 300}})"));

  ASSERT_FALSE(refused);
  std::vector<std::string> pointers;
  for (const FieldError& field : refused.error().fields) pointers.push_back(field.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/timezone", "/endpoint_host", "/session/idle_s"}));
  EXPECT_EQ(root, document());
}

TEST(Settings, NameAndDomainAreFixed) {
  Json root = document();
  const auto name =
      apply_settings(root, Json::parse(R"({"cell_name": "other", "timezone": "Europe/Berlin"})"));
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().code, Code::conflict);
  EXPECT_EQ(name.error().reason, "fixed_after_setup");
  EXPECT_EQ(name.error().fields.at(0).pointer, "/cell_name");
  EXPECT_EQ(apply_settings(root, Json::parse(R"({"domain": {"mode": "local", "name": "x.cell"}})"))
                .error()
                .fields.at(0)
                .pointer,
            "/domain");
  EXPECT_EQ(root, document());
}

TEST(Settings, NameAndDomainMaySayWhatIs) {
  Json root = document();
  EXPECT_TRUE(apply_settings(
      root, Json::parse(R"({"cell_name": "home", "domain": {"mode": "local", "name": "home.cell"}})")));
}

TEST(GoingBack, KeepsThePeopleAndTheName) {
  Json then = document();
  then["people"] = {{"old", {{"name", "Old"}}}};
  then["identity"]["cell_name"] = "former";
  then["identity"]["timezone"] = "Europe/Berlin";
  Json now = document();
  now["people"] = {{"ann", {{"name", "Ann"}}}};
  const auto root = restored(now, then);

  ASSERT_TRUE(root);
  EXPECT_EQ((*root)["people"], now["people"]);
  EXPECT_EQ((*root)["identity"]["cell_name"], "home");
  EXPECT_EQ((*root)["identity"]["timezone"], "Europe/Berlin");
}

TEST(GoingBack, DevicesOfPeopleWhoAreGoneHaveNoOwner) {
  Json then = document();
  then["peers"] = {{"p1", {{"owner_id", "old"}}}, {"p2", {{"owner_id", "ann"}}}};
  Json now = document();
  now["people"] = {{"ann", {{"name", "Ann"}}}};
  const Json peers = (*restored(now, then))["peers"];

  EXPECT_FALSE(peers["p1"].contains("owner_id"));
  EXPECT_EQ(peers["p2"]["owner_id"], "ann");
}

TEST(GoingBack, NeverLeadsBeforeSetUp) {
  Json then = document();
  then["identity"]["setup_complete"] = false;

  EXPECT_EQ(restored(document(), then).error().reason, "before_setup");
}

}  // namespace
}  // namespace cell::settings
