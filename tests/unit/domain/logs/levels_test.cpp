#include "domain/logs/levels.hpp"

#include <gtest/gtest.h>

namespace cell::logs {
namespace {

const std::set<std::string> kServices{"http", "engine", "peers"};

Levels present() {
  Levels levels;
  levels.services = {{"engine", "warn"}};
  levels.containers = {{"caddy", "info"}, {"coredns", "error"}, {"wireguard", "info"}};
  return levels;
}

Result<Levels> change(const char* body) { return changed_levels(present(), Json::parse(body), kServices); }

TEST(Levels, SetsRootServicesAndContainers) {
  const auto levels = change(
      R"({"core": {"root": "WARNING", "services": {"http": "debug"}}, "containers": {"caddy": "Error"}})");

  ASSERT_TRUE(levels) << levels.error().message;
  EXPECT_EQ(levels->root, "warn");
  EXPECT_EQ(levels->services, (std::map<std::string, std::string>{{"http", "debug"}}));
  EXPECT_EQ(levels->containers.at("caddy"), "error");
  EXPECT_EQ(levels->containers.at("coredns"), "error");
}

TEST(Levels, PythonIsAnotherNameForCore) {
  EXPECT_EQ(change(R"({"python": {"root": "debug"}})")->root, "debug");
  EXPECT_EQ(change(R"({"python": {"root": "debug"}, "core": {"root": "info"}})").error().fields.at(0).pointer,
            "/python");
}

TEST(Levels, WhatIsNotNamedStays) {
  EXPECT_EQ(*change("{}"), present());
  EXPECT_EQ(change(R"({"core": {"root": "debug"}})")->services, present().services);
}

TEST(Levels, AServiceShownWithTheRootsLevelGoesOnFollowingIt) {
  const auto levels = change(
      R"({"core": {"root": "debug", "services": {"http": "info", "peers": "info", "engine": "warn"}}})");

  ASSERT_TRUE(levels);
  EXPECT_EQ(levels->services, (std::map<std::string, std::string>{{"engine", "warn"}}));
}

TEST(Levels, AServiceSetToTheRootsLevelFollowsIt) {
  EXPECT_TRUE(change(R"({"core": {"services": {"engine": "info"}}})")->services.empty());
}

TEST(Levels, RefusesWithThePlaceThatIsWrong) {
  struct Row {
    const char* body;
    const char* pointer;
  };
  for (const Row& row :
       {Row{R"({"core": {"root": "loud"}})", "/core/root"}, Row{R"({"core": {"root": 3}})", "/core/root"},
        Row{R"({"python": {"services": {"http": "loud"}}})", "/python/services/http"},
        Row{R"({"core": {"services": {"nobody": "info"}}})", "/core/services/nobody"},
        Row{R"({"core": {"colour": "red"}})", "/core/colour"},
        Row{R"({"containers": {"caddy": ""}})", "/containers/caddy"},
        Row{R"({"containers": {"stranger": "info"}})", "/containers/stranger"},
        Row{R"({"core": []})", "/core"}, Row{R"({"colour": {}})", "/colour"},
        Row{R"({"containers": 1})", "/containers"}}) {
    const auto levels = change(row.body);
    ASSERT_FALSE(levels) << row.body;
    EXPECT_EQ(levels.error().code, Code::invalid_argument);
    ASSERT_EQ(levels.error().fields.size(), 1U) << row.body;
    EXPECT_EQ(levels.error().fields[0].pointer, row.pointer);
  }
}

TEST(Levels, ReportsEverythingThatIsWrongAtOnce) {
  EXPECT_EQ(change(R"({"core": {"root": "x"}, "containers": {"caddy": "y", "coredns": "z"}})")
                .error()
                .fields.size(),
            3U);
}

TEST(Levels, ReadsWhatItWrote) {
  Json document = Json::object();
  set_levels(document, present());

  EXPECT_EQ(levels_of(document), present());
}

TEST(Levels, TakesAFlatOldFileOver) {
  const Levels levels = with_old_levels(
      present(),
      Json::parse(
          R"({"root": "DEBUG", "vault": "WARNING", "Bad Name": "info", "x": "loud", "caddy": "debug"})"));

  EXPECT_EQ(levels.root, "debug");
  EXPECT_EQ(levels.services, (std::map<std::string, std::string>{{"engine", "warn"}, {"vault", "warn"}}));
  EXPECT_EQ(levels.containers.at("caddy"), "debug");
}

TEST(Levels, TakesAnOldFileWithSectionsOver) {
  const Levels levels = with_old_levels(
      present(),
      Json::parse(
          R"({"python": {"root": "ERROR", "services": {"vault": "debug"}}, "containers": {"wireguard": "debug"}})"));

  EXPECT_EQ(levels.root, "error");
  EXPECT_EQ(levels.services.at("vault"), "debug");
  EXPECT_EQ(levels.containers.at("wireguard"), "debug");
}

TEST(Levels, ThoseWrittenByHandAreReadAsWhatIsInForce) {
  const Json document = Json::parse(R"({"logging": {
    "core": {"root": "WARNING", "services": {"http": "Debug", "peers": "loud"}},
    "containers": {"caddy": "loud", "coredns": "ERROR"}}})");

  const Levels levels = levels_of(document);

  EXPECT_EQ(levels.root, "warn");
  EXPECT_EQ(levels.services, (std::map<std::string, std::string>{{"http", "debug"}}));
  EXPECT_EQ(levels.containers, (std::map<std::string, std::string>{{"caddy", "info"}, {"coredns", "error"}}));
}

}  // namespace
}  // namespace cell::logs
