#include "domain/logs/verbosity.hpp"

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "unit/support/config_state.hpp"

namespace cell::logs {
namespace {

struct VerbosityTest : testing::Test {
  test::ConfigState state;
  std::optional<TimePoint> started = state.clock.now();  // the hub's container
  std::string before_document;                           // the root level of the environment
  std::unique_ptr<Verbosity> verbosity = open();

  std::unique_ptr<Verbosity> open() {
    return Verbosity::open({*state.config, *state.database, state.clock,
                            [] {
                              return std::vector<std::string>{"http", "engine"};
                            },
                            [this] { return started; }, [this] { return before_document; },
                            [this] { before_document.clear(); }})
        .value();
  }
  Result<Json> change(const char* body) { return verbosity->change(Json::parse(body), {}); }
  std::string applied(const std::string& name) {
    const Json view = verbosity->view();
    for (const Json& entry : view["entries"]) {
      if (entry["name"] == name) return entry["applied"];
    }
    return "not there";
  }
};

TEST_F(VerbosityTest, ShowsEveryServiceWithTheLevelInForce) {
  ASSERT_TRUE(change(R"({"core": {"services": {"http": "debug"}}})"));

  EXPECT_EQ(verbosity->view()["core"],
            (Json::parse(R"({"root": "info", "services": {"engine": "info", "http": "debug"}})")));
  EXPECT_EQ(verbosity->view()["containers"],
            (Json::parse(R"({"caddy": "info", "coredns": "error", "wireguard": "info"})")));
}

TEST_F(VerbosityTest, CoreAndProxyAndNamesAreHot) {
  const auto answer =
      change(R"({"core": {"root": "debug"}, "containers": {"caddy": "debug", "coredns": "debug"}})");

  ASSERT_TRUE(answer);
  EXPECT_EQ((*answer)["entries"][0], (Json{{"name", "root"}, {"level", "debug"}, {"applied", "hot"}}));
  EXPECT_EQ(applied("caddy"), "hot");
  EXPECT_EQ(applied("coredns"), "hot");
}

TEST_F(VerbosityTest, WireguardIsPendingUntilItsContainerWasRestarted) {
  state.clock.advance(std::chrono::seconds{10});
  ASSERT_TRUE(change(R"({"containers": {"wireguard": "debug"}})"));
  EXPECT_EQ(applied("wireguard"), "pending_restart");
  EXPECT_EQ(applied("caddy"), "hot");

  verbosity = open();  // also after a restart of celld
  EXPECT_EQ(applied("wireguard"), "pending_restart");

  started = state.clock.now() + std::chrono::seconds{1};
  EXPECT_EQ(applied("wireguard"), "hot");
}

TEST_F(VerbosityTest, ALevelThatStaysAsItIsNeedsNoRestart) {
  state.clock.advance(std::chrono::seconds{10});
  ASSERT_TRUE(change(R"({"containers": {"wireguard": "info"}})"));

  EXPECT_EQ(applied("wireguard"), "hot");
}

TEST_F(VerbosityTest, AStoppedContainerReadsItsLevelWhenItStarts) {
  started = std::nullopt;
  ASSERT_TRUE(change(R"({"containers": {"wireguard": "debug"}})"));

  EXPECT_EQ(applied("wireguard"), "hot");
}

TEST_F(VerbosityTest, LevelOfTheEnvironmentIsShownUntilLevelsOfTheCoreAreSet) {
  before_document = "debug";
  EXPECT_EQ(verbosity->view()["core"],
            (Json::parse(R"({"root": "debug", "services": {"engine": "debug", "http": "debug"}})")));

  ASSERT_TRUE(change(R"({"containers": {"caddy": "warn"}})"));
  EXPECT_EQ(before_document, "debug");
  EXPECT_EQ(state.config->snapshot()->root["logging"]["core"]["root"], "info");

  // The level that the document has already is set, too.
  ASSERT_TRUE(change(R"({"core": {"root": "info"}})"));
  EXPECT_EQ(before_document, "");
  EXPECT_EQ(verbosity->view()["core"]["root"], "info");
}

TEST_F(VerbosityTest, LevelOfTheEnvironmentThatIsSentBackIsKept) {
  before_document = "debug";

  ASSERT_TRUE(change(R"({"core": {"root": "debug", "services": {"engine": "debug", "http": "warn"}}})"));

  EXPECT_EQ(state.config->snapshot()->root["logging"]["core"],
            (Json::parse(R"({"root": "debug", "services": {"http": "warn"}})")));
}

TEST_F(VerbosityTest, ALevelThatNothingReadsIsNotOffered) {
  ASSERT_TRUE(state.config->commit({}, [](Json& root) -> Result<void> {
    root["logging"]["containers"]["api"] = "debug";
    return {};
  }));

  EXPECT_FALSE(verbosity->view()["containers"].contains("api"));
  EXPECT_EQ(applied("api"), "not there");
  EXPECT_FALSE(change(R"({"containers": {"api": "info"}})"));
}

TEST_F(VerbosityTest, RefusalChangesNothing) {
  const auto before = state.config->snapshot()->revision;
  EXPECT_FALSE(change(R"({"core": {"root": "debug"}, "containers": {"caddy": "loud"}})"));

  EXPECT_EQ(state.config->snapshot()->revision, before);
}

TEST_F(VerbosityTest, TakesTheOldFileOverOnce) {
  const auto file = state.directory.path() / "log_levels.json";
  ASSERT_TRUE(write_file_atomic(file, R"({"http": "WARNING"})"));

  EXPECT_TRUE(*verbosity->migrate(file));
  EXPECT_EQ(verbosity->view()["core"]["services"]["http"], "warn");
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_TRUE(std::filesystem::exists(state.directory.path() / "log_levels.json.migrated"));
  EXPECT_FALSE(*verbosity->migrate(file));
}

TEST_F(VerbosityTest, ABrokenOldFileChangesNothing) {
  const auto file = state.directory.path() / "log_levels.json";
  ASSERT_TRUE(write_file_atomic(file, "{half"));
  const auto before = state.config->snapshot()->revision;

  EXPECT_TRUE(*verbosity->migrate(file));
  EXPECT_EQ(state.config->snapshot()->revision, before);
}

}  // namespace
}  // namespace cell::logs
