#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "config/store.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::config {
namespace {

struct Fixture : testing::Test {
  test::TemporaryDirectory directory;
  ManualClock clock;

  Store::Options options() {
    return {.directory = directory.path(), .initial = {{"value", 0}}, .clock = &clock};
  }
  static Edit to(std::int64_t value) {
    return [value](Json& root) -> Result<void> {
      root["value"] = value;
      return {};
    };
  }
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_file_atomic(directory.path() / name, text));
  }
};
using StoreHistory = Fixture;

TEST_F(StoreHistory, ARevisionThatWasNeverInForceIsForgotten) {
  { const auto store = *Store::open(options()); }
  write("revisions/2.json",
        "{\"revision\":2,\"saved_at\":\"2026-11-24T08:30:00Z\",\"actor\":\"ann\",\"summary\":\"\",\n"
        "\"document\":{\"revision\":2,\"schema\":1,\"value\":9}}\n");

  const auto store = *Store::open(options());

  EXPECT_EQ(store->snapshot()->revision, 1);
  EXPECT_EQ(store->revisions()->size(), 1U);
}

TEST_F(StoreHistory, WhatAKilledWriterLeftIsRemoved) {
  { const auto store = *Store::open(options()); }
  write("cell_config.json.tmp-1-1", "half");
  write("revisions/2.json.tmp-1-1", "half");

  const auto store = *Store::open(options());

  EXPECT_FALSE(std::filesystem::exists(directory.path() / "cell_config.json.tmp-1-1"));
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "revisions/2.json.tmp-1-1"));
}

TEST_F(StoreHistory, ListsWhoSavedWhatAndWhen) {
  const auto store = *Store::open(options());
  clock.set(*parse_time("2026-11-24T08:30:00Z"));
  ASSERT_TRUE(store->commit({.actor = "ann", .summary = "adds \"nas\"\nfor bob"}, to(1)));

  const Revision newest = store->revisions()->at(0);

  EXPECT_EQ(newest.revision, 2);
  EXPECT_EQ(newest.actor, "ann");
  EXPECT_EQ(newest.summary, "adds \"nas\"\nfor bob");
  EXPECT_EQ(format_time(newest.saved_at), "2026-11-24T08:30:00Z");
  EXPECT_GT(newest.size, 0U);
  EXPECT_EQ(store->revision(2)->at("value"), 1);
}

TEST_F(StoreHistory, RevisionAndSchemaBelongToTheStore) {
  const auto store = *Store::open(options());

  const auto after = *store->commit({}, [](Json& root) -> Result<void> {
    root = {{"value", 3}, {"revision", 77}, {"schema", 9}};
    return {};
  });

  EXPECT_EQ(dump_json(after->root), R"({"revision":2,"schema":1,"value":3})");
}

TEST_F(StoreHistory, AMigrationIsANewRevision) {
  { const auto store = *Store::open(options()); }
  Store::Options newer = options();
  newer.migrations = {[](Json root) -> Result<Json> {
    root["renamed"] = root["value"];
    root.erase("value");
    return root;
  }};

  const auto store = *Store::open(newer);

  EXPECT_EQ(dump_json(store->snapshot()->root), R"({"renamed":0,"revision":2,"schema":2})");
  EXPECT_EQ(store->revisions()->at(0).summary, "brought from schema 1 to 2");
  ASSERT_TRUE(store->restore(1, {}));
  EXPECT_EQ(dump_json(store->snapshot()->root), R"({"renamed":0,"revision":2,"schema":2})");
}

TEST_F(StoreHistory, ADocumentOfANewerVersionIsLeftAlone) {
  write("cell_config.json", R"({"revision":4,"schema":2,"value":1})");

  const auto opened = Store::open(options());

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::unsupported);
  EXPECT_EQ(*read_file(directory.path() / "cell_config.json"), R"({"revision":4,"schema":2,"value":1})");
}

TEST_F(StoreHistory, ADocumentAgainstTheSchemaFallsBack) {
  Store::Options strict = options();
  strict.schema =
      std::make_shared<Schema>(*Schema::compile({{"properties", {{"value", {{"type", "integer"}}}}}}));
  { const auto store = *Store::open(strict); }
  write("cell_config.json", R"({"revision":5,"schema":1,"value":"x"})");

  const auto store = *Store::open(strict);

  EXPECT_TRUE(store->load_report().fell_back);
  EXPECT_EQ(store->load_report().problem, "'/value' must be an integer");
  EXPECT_EQ(store->snapshot()->revision, 1);
  EXPECT_EQ(*read_file(store->load_report().kept_bad_file), R"({"revision":5,"schema":1,"value":"x"})");
}

TEST_F(StoreHistory, EveryDamagedFileIsKept) {
  { const auto store = *Store::open(options()); }
  for (const char* text : {"{", "["}) {
    write("cell_config.json", text);
    const auto store = *Store::open(options());
    EXPECT_EQ(*read_file(store->load_report().kept_bad_file), text);
  }
}

TEST_F(StoreHistory, AMissingDocumentDoesNotStartAnEmptyCell) {
  {
    const auto store = *Store::open(options());
    ASSERT_TRUE(store->commit({}, to(4)));
  }
  std::filesystem::remove(directory.path() / "cell_config.json");

  const auto store = *Store::open(options());

  EXPECT_FALSE(store->load_report().first_start);
  EXPECT_EQ(store->snapshot()->root.at("value"), 4);
}

TEST_F(StoreHistory, ListenersHearOfEachCommitInOrder) {
  const auto store = *Store::open(options());
  std::vector<std::int64_t> heard;
  store->subscribe([&heard](const Snapshot& before, const Snapshot& after) {
    EXPECT_EQ(before->revision + 1, after->revision);
    heard.push_back(after->revision);
  });
  {
    std::vector<std::jthread> writers;
    for (int t = 0; t < 4; ++t) {
      writers.emplace_back([&, t] {
        for (int i = 0; i < 10; ++i) {
          ASSERT_TRUE(store->commit({}, to(1 + t * 100 + i)));
        }
      });
    }
  }
  ASSERT_EQ(heard.size(), 40U);
  EXPECT_TRUE(std::is_sorted(heard.begin(), heard.end()));
}

TEST_F(StoreHistory, AListenerMayCommit) {
  const auto store = *Store::open(options());
  std::vector<std::int64_t> heard;
  store->subscribe([&](const Snapshot&, const Snapshot& after) {
    heard.push_back(after->revision);
    if (after->revision == 2) {
      EXPECT_TRUE(store->commit({}, to(99)));
    }
  });

  ASSERT_TRUE(store->commit({}, to(1)));

  EXPECT_THAT(heard, testing::ElementsAre(2, 3));
}

TEST_F(StoreHistory, FilesAreReadableByTheirOwnerOnly) {
  const auto store = *Store::open(options());

  for (const char* name : {"cell_config.json", "revisions/1.json"}) {
    EXPECT_EQ(std::filesystem::status(directory.path() / name).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
}

}  // namespace
}  // namespace cell::config
