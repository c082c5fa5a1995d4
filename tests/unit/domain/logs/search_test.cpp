#include "domain/logs/search.hpp"

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::logs {
namespace {

struct Fixture : testing::Test {
  test::TemporaryDirectory directory;
  void SetUp() override {
    write("http.1.log",
          R"({"t":"2026-11-24T00:00:01.000Z","level":"info","service":"http","message":"oldest"})"
          "\n");
    write(
        "http.log",
        R"({"t":"2026-11-24T00:00:03.000Z","level":"debug","service":"http","message":"third","status":200})"
        "\nnot json\n"
        R"({"t":"2026-11-24T00:00:05.000Z","level":"error","service":"http","message":"newest","request_id":"r1"})"
        "\n{\"half\":");
    write("peers.log",
          R"({"t":"2026-11-24T00:00:04.000Z","level":"warn","service":"peers","message":"fourth"})"
          "\n");
  }
  void write(const char* name, const std::string& text) {
    ASSERT_TRUE(write_file_atomic(directory.path() / name, text));
  }
  std::vector<std::string> messages(const Query& query) {
    std::vector<std::string> list;
    const Json items = *search(directory.path(), query);
    for (const Json& item : items) list.push_back(json_string(item, "message"));
    return list;
  }
};
using LogSearch = Fixture;

TEST_F(LogSearch, GivesTheNewestFirstAcrossServicesAndRotatedFiles) {
  EXPECT_THAT(messages({}), testing::ElementsAre("newest", "fourth", "third", "oldest"));
}

TEST_F(LogSearch, NarrowsByServiceLevelTextAndTime) {
  EXPECT_THAT(messages({.service = "peers"}), testing::ElementsAre("fourth"));
  EXPECT_THAT(messages({.level = log::Level::warn}), testing::ElementsAre("newest", "fourth"));
  EXPECT_THAT(messages({.text = "ir"}), testing::ElementsAre("third"));
  EXPECT_THAT(messages({.since = from_unix(1795478403), .until = from_unix(1795478405)}),
              testing::ElementsAre("fourth", "third"));
  EXPECT_THAT(messages({.limit = 2}), testing::ElementsAre("newest", "fourth"));
}

TEST_F(LogSearch, KeepsFieldsApartFromWhatEveryLineHas) {
  const Json items = *search(directory.path(), {.service = "http"});

  EXPECT_EQ(items[0]["request_id"], "r1");
  EXPECT_EQ(items[1]["fields"], (Json{{"status", 200}}));
}

TEST_F(LogSearch, AServiceNameCannotLeaveTheFolder) {
  EXPECT_TRUE(messages({.service = "../http"}).empty());
  EXPECT_TRUE(messages({.service = "/etc/passwd"}).empty());
}

TEST_F(LogSearch, RefusesALimitOutOfRange) {
  EXPECT_FALSE(search(directory.path(), {.limit = 0}));
  EXPECT_FALSE(search(directory.path(), {.limit = 1001}));
}

TEST_F(LogSearch, FindsTextInEitherCase) {
  EXPECT_THAT(messages({.text = "NEWEST"}), testing::ElementsAre("newest"));
}

TEST_F(LogSearch, PagesLoseNoLineOfOneMillisecond) {
  std::string text;
  for (int i = 0; i < 7; ++i) {
    text += R"({"t":"2026-11-24T00:00:09.000Z","level":"info","service":"burst","message":")" +
            std::to_string(i) + "\"}\n";
  }
  write("burst.log", text);
  std::vector<std::string> all;
  Query query{.limit = 2};
  for (int page = 0; page < 20; ++page) {
    const Json items = *search(directory.path(), query);
    for (const Json& item : items) all.push_back(json_string(item, "message"));
    const std::string cursor = next_cursor(query, items);
    if (cursor.empty()) break;
    ASSERT_TRUE(apply_cursor(query, cursor));
  }

  EXPECT_THAT(all,
              testing::ElementsAre("6", "5", "4", "3", "2", "1", "0", "newest", "fourth", "third", "oldest"));
}

TEST_F(LogSearch, RefusesACursorOfSomebodyElse) {
  for (const char* cursor : {"", "~", "x~1", "2026-11-24T00:00:09.000Z", "2026-11-24T00:00:09.000Z~",
                             "2026-11-24T00:00:09.000Z~-1", "2026-11-24T00:00:09.000Z~1x"}) {
    Query query;
    EXPECT_FALSE(apply_cursor(query, cursor)) << cursor;
  }
  Query far;
  ASSERT_TRUE(apply_cursor(far, "2026-11-24T00:00:09.000Z~999999999"));
  EXPECT_FALSE(search(directory.path(), far));
}

TEST_F(LogSearch, ListsServicesOnce) {
  EXPECT_THAT(services(directory.path()), testing::ElementsAre("http", "peers"));
}

}  // namespace
}  // namespace cell::logs
