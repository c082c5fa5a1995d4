#include "base/log.hpp"

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::log {
namespace {

std::vector<Json> lines_of(const std::filesystem::path& path) {
  std::vector<Json> lines;
  std::istringstream text(read_file(path).value_or(""));
  for (std::string line; std::getline(text, line);) lines.push_back(*parse_json(line));
  return lines;
}

struct Fixture : testing::Test {
  test::TemporaryDirectory directory;
  std::unique_ptr<Logs> logs = *Logs::open({.directory = directory.path(), .console = false});

  std::vector<Json> lines_in(const std::string& name) {
    logs->flush();
    return lines_of(directory.path() / name);
  }
};

using Log = Fixture;

TEST_F(Log, WritesOneJsonObjectALineIntoTheServicesFile) {
  logs->logger("http").info("request\nanswered", {{"status", 200}});

  const auto lines = lines_in("http.log");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["message"], "request\nanswered");
  EXPECT_EQ(lines[0]["status"], 200);
  EXPECT_EQ(lines[0]["service"], "http");
  EXPECT_EQ(lines[0]["level"], "info");
}

TEST_F(Log, NeverWritesWhatIsNamedLikeASecret) {
  logs->logger("http").info("login",
                            {{"password", "hunter2"}, {"nested", {{"private_key", "abc"}, {"name", "ann"}}}});

  logs->flush();
  const std::string text = *read_file(directory.path() / "http.log");
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  EXPECT_EQ(text.find("abc"), std::string::npos);
  EXPECT_NE(text.find("ann"), std::string::npos);
}

TEST_F(Log, ALevelChangeReachesLoggersThatAreThereAlready) {
  const Logger http = logs->logger("http");
  const Logger peers = logs->logger("peers");
  http.debug("hidden");

  logs->set_levels(Level::debug, {{"peers", Level::error}});
  http.debug("shown");
  peers.warn("hidden");

  EXPECT_EQ(lines_in("http.log").size(), 1U);
  EXPECT_TRUE(lines_in("peers.log").empty());
  EXPECT_EQ(logs->level_of("peers"), Level::error);
  EXPECT_EQ(logs->level_of("dns"), Level::debug);
}

TEST_F(Log, LinesOfAScopeCarryItsId) {
  {
    const Scope scope("request_id", "r-1");
    logs->logger("http").info("inside");
  }
  logs->logger("http").info("outside");

  const auto lines = lines_in("http.log");
  EXPECT_EQ(json_string(lines[0], "request_id"), "r-1");
  EXPECT_FALSE(lines[1].contains("request_id"));
}

TEST_F(Log, AWarningIsOnDiskAtOnce) {
  logs->logger("http").warn("worse");

  EXPECT_EQ(lines_of(directory.path() / "http.log").size(), 1U);
}

TEST_F(Log, BytesThatAreNoUtf8DoNotBreakTheLine) {
  logs->logger("http").info("odd", {{"path", "/\xff\xfe\n\x1b[31m"}});

  EXPECT_EQ(lines_in("http.log").size(), 1U);
}

TEST_F(Log, AServiceNameCannotLeaveTheFolder) {
  logs->logger("../evil").warn("x");
  logs->logger("..").warn("x");

  EXPECT_THAT(logs->services(), testing::ElementsAre("core"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST_F(Log, RotatesAtItsSize) {
  const test::TemporaryDirectory small;
  auto rotating =
      *Logs::open({.directory = small.path(), .console = false, .max_bytes = 1000, .max_files = 2});
  for (int i = 0; i < 40; ++i) rotating->logger("http").info(std::string(80, 'x'));

  rotating->flush();
  EXPECT_TRUE(std::filesystem::exists(small.path() / "http.2.log"));
  EXPECT_FALSE(std::filesystem::exists(small.path() / "http.3.log"));
}

TEST(LogLevel, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(*parse_level("WARNING"), Level::warn);
  EXPECT_FALSE(parse_level("loud"));
  EXPECT_FALSE(parse_level(""));
}

}  // namespace
}  // namespace cell::log
