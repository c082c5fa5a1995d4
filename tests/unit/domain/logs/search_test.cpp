#include "domain/logs/search.hpp"

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::logs {
namespace {

struct Fixture : testing::Test {
  test::TemporaryDirectory directory;
  void SetUp() override {
    write("http.1.log", R"({"t":"2026-11-24T00:00:01.000Z","level":"info","service":"http","message":"oldest"})"
                        "\n");
    write("http.log", R"({"t":"2026-11-24T00:00:03.000Z","level":"debug","service":"http","message":"third","status":200})"
                      "\nnot json\n"
                      R"({"t":"2026-11-24T00:00:05.000Z","level":"error","service":"http","message":"newest","request_id":"r1"})"
                      "\n{\"half\":");
    write("peers.log", R"({"t":"2026-11-24T00:00:04.000Z","level":"warn","service":"peers","message":"fourth"})"
                       "\n");
  }
  void write(const char* name, const std::string& text) { ASSERT_TRUE(write_file_atomic(directory.path() / name, text)); }
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
  EXPECT_THAT(messages({.since = from_unix(1795478403), .until = from_unix(1795478405)}), testing::ElementsAre("fourth", "third"));
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

TEST_F(LogSearch, ListsServicesOnce) { EXPECT_THAT(services(directory.path()), testing::ElementsAre("http", "peers")); }

}  // namespace
}  // namespace cell::logs
