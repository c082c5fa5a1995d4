#include "shared.hpp"
#include "support/planning.hpp"

namespace {

using plugins_test::golden;
using plugins_test::Json;

constexpr const char* kPeople = "/etc/cell-calendar/people.json";

class CalendarPlan : public plugins_test::Planning {
 protected:
  static Json with(const Json& options) {
    Json config = golden("config.json");
    config["options"] = options;
    return config;
  }
  Json people(const Json& config) const { return Json::parse(file_of(plan(config), kPeople)); }
};

TEST_F(CalendarPlan, IsWhatTheGoldenSays) {
  EXPECT_EQ(plan(golden("config.json")), golden("contributions.json"));
}

TEST_F(CalendarPlan, IsTheSameTwice) {
  EXPECT_EQ(plan(golden("config.json")).dump(), plan(golden("config.json")).dump());
}

TEST_F(CalendarPlan, NameAloneIsForEverybody) {
  const Json shared = people(with({{"shared_calendars", {"Family"}}}))["shared"][0];

  EXPECT_EQ(shared["name"], "Family");
  EXPECT_EQ(shared["tag"], "VCALENDAR");
  EXPECT_EQ(shared["write"], Json({"ada", "bob"}));
  EXPECT_EQ(shared["read"], Json::array());
}

TEST_F(CalendarPlan, WritersAndReadersAreKeptApart) {
  const Json shared = people(with({{"shared_contacts", {"Work: ada; *"}}}))["shared"][0];

  EXPECT_EQ(shared["tag"], "VADDRESSBOOK");
  EXPECT_EQ(shared["write"], Json({"ada"}));
  EXPECT_EQ(shared["read"], Json({"bob"}));
}

TEST_F(CalendarPlan, WhoHasGoneIsLeftOut) {
  const Json shared = people(with({{"shared_calendars", {"Work: ada, carla"}}}))["shared"][0];

  EXPECT_EQ(shared["write"], Json({"ada"}));
}

TEST_F(CalendarPlan, SameNameTwiceIsRefused) {
  EXPECT_EQ(refused(with({{"shared_calendars", {"Family", "Family: ada"}}})),
            std::vector<std::string>{"/options/shared_calendars"});
}

TEST_F(CalendarPlan, CalendarAndAddressBookOfOneNameAreTwoThings) {
  const Json shared =
      people(with({{"shared_calendars", {"Family"}}, {"shared_contacts", {"Family"}}}))["shared"];

  ASSERT_EQ(shared.size(), 2U);
  EXPECT_NE(shared[0]["id"], shared[1]["id"]);
}

TEST_F(CalendarPlan, LoginThatIsNoFolderIsRefused) {
  for (const char* login : {"../eve", "a/b", ".hidden", "Ada"}) {
    Json config = golden("config.json");
    config["accounts"][0]["login"] = login;
    EXPECT_EQ(refused(config), std::vector<std::string>{"/accounts/0/login"}) << login;
  }
}

// Whatever a name holds, the document keeps its structure and the name stays a name.
TEST_F(CalendarPlan, HostileNamesAddNothing) {
  for (const std::string& text : plugins_test::kHostile) {
    const Json config = with({{"shared_calendars", {text}}});
    if (text.find_first_of("\n\r\t") != std::string::npos) {
      EXPECT_FALSE(refused(config).empty()) << text;
      continue;
    }
    const Json document = people(config);
    EXPECT_EQ(document["people"].size(), 2U);
    ASSERT_EQ(document["shared"].size(), 1U);
    EXPECT_EQ(document["shared"][0]["name"], text.substr(0, text.find(':')));
  }
}

TEST(CalendarIds, NeverChange) {
  EXPECT_EQ(calendar::id_of("VCALENDAR", "Family"), calendar::id_of("VCALENDAR", "Family"));
  EXPECT_EQ(calendar::id_of("VCALENDAR", "Family").size(), 16U);
}

}  // namespace
