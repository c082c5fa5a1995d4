#include "config/store.hpp"

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "config/sealed.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::config {
namespace {

Result<void> refuse_negative(const Json& root) {
  if (json_int(root, "value") >= 0) return {};
  return field_error("/value", "must not be negative");
}

struct Fixture : testing::Test {
  test::TemporaryDirectory directory;
  ManualClock clock;
  std::unique_ptr<Store> store;

  Store::Options options() {
    return {.directory = directory.path(),
            .initial = {{"schema", 1}, {"value", 0}},
            .validators = {refuse_negative},
            .clock = &clock};
  }
  void SetUp() override { reopen(); }
  void reopen() {
    store.reset();
    auto opened = Store::open(options());
    ASSERT_TRUE(opened) << opened.error().message;
    store = std::move(opened).value();
  }
  Result<Snapshot> set(std::int64_t value, std::optional<std::int64_t> expected = {}) {
    return store->commit({.actor = "ann", .summary = "sets value", .expected_revision = expected},
                         [value](Json& root) -> Result<void> {
                           root["value"] = value;
                           return {};
                         });
  }
  std::int64_t value() const { return json_int(store->snapshot()->root, "value"); }
  std::filesystem::path file() const { return directory.path() / "cell_config.json"; }
};
using ConfigStore = Fixture;

TEST_F(ConfigStore, BeginsWithTheInitialDocument) {
  EXPECT_TRUE(store->load_report().first_start);
  EXPECT_EQ(store->snapshot()->revision, 1);
}

TEST_F(ConfigStore, ACommitIsThereAfterARestart) {
  ASSERT_TRUE(set(7));

  reopen();

  EXPECT_EQ(value(), 7);
  EXPECT_EQ(store->snapshot()->revision, 2);
  EXPECT_FALSE(store->load_report().first_start);
}

TEST_F(ConfigStore, CommitWithStaleRevisionIsRefused) {
  ASSERT_TRUE(set(1, 1));

  const auto stale = set(2, 1);

  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code, Code::precondition_failed);
  EXPECT_EQ(value(), 1);
}

TEST_F(ConfigStore, ARefusedDocumentChangesNothing) {
  const std::string before = *read_file(file());

  const auto refused = set(-1);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fields.at(0).pointer, "/value");
  EXPECT_EQ(*read_file(file()), before);
  EXPECT_EQ(store->revisions()->size(), 1U);
}

TEST_F(ConfigStore, AnEditThatChangesNothingWritesNothing) {
  int told = 0;
  store->subscribe([&told](const Snapshot&, const Snapshot&) { ++told; });

  ASSERT_TRUE(set(0));

  EXPECT_EQ(store->snapshot()->revision, 1);
  EXPECT_EQ(told, 0);
}

TEST_F(ConfigStore, TellsListenersOfBothDocuments) {
  std::vector<std::int64_t> seen;
  store->subscribe([&seen](const Snapshot& before, const Snapshot& after) {
    seen = {before->revision, after->revision};
  });

  ASSERT_TRUE(set(5));

  EXPECT_THAT(seen, testing::ElementsAre(1, 2));
}

TEST_F(ConfigStore, KeepsTheLastTwentyRevisions) {
  for (int i = 1; i <= 30; ++i) ASSERT_TRUE(set(i));

  const auto revisions = *store->revisions();

  ASSERT_EQ(revisions.size(), 20U);
  EXPECT_EQ(revisions.front().revision, 31);
  EXPECT_EQ(revisions.back().revision, 12);
  EXPECT_EQ(revisions.front().actor, "ann");
}

TEST_F(ConfigStore, RestoresARevisionAsANewOne) {
  ASSERT_TRUE(set(1));
  ASSERT_TRUE(set(2));

  ASSERT_TRUE(store->restore(2, {.actor = "ann", .summary = "back to 2"}));

  EXPECT_EQ(value(), 1);
  EXPECT_EQ(store->snapshot()->revision, 4);
  EXPECT_EQ(store->restore(99, {}).error().code, Code::not_found);
}

TEST_F(ConfigStore, RefusesASecondProcessOnTheSameDirectory) {
  const auto second = Store::open(options());

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
}

TEST_F(ConfigStore, ATornDocumentFallsBackToTheNewestGoodRevisionAtEveryLength) {
  ASSERT_TRUE(set(7));
  store.reset();
  const std::string whole = *read_file(file());
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    ASSERT_TRUE(write_file_atomic(file(), whole.substr(0, length)));

    reopen();

    EXPECT_EQ(value(), 7) << length;
    EXPECT_TRUE(store->load_report().fell_back) << length;
    EXPECT_EQ(read_file(store->load_report().kept_bad_file).value_or("?"), whole.substr(0, length));
    store.reset();
  }
}

TEST_F(ConfigStore, SkipsRevisionsThatAreDamagedToo) {
  ASSERT_TRUE(set(1));
  ASSERT_TRUE(set(2));
  store.reset();
  ASSERT_TRUE(write_file_atomic(file(), "{"));
  ASSERT_TRUE(write_file_atomic(directory.path() / "revisions/3.json", ""));

  reopen();

  EXPECT_EQ(value(), 1);
}

TEST_F(ConfigStore, RefusesToStartWithNothingGoodLeft) {
  store.reset();
  ASSERT_TRUE(write_file_atomic(file(), "{"));
  std::filesystem::remove(directory.path() / "revisions/1.json");

  const auto opened = Store::open(options());

  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, testing::HasSubstr("no good revision is left"));
}

Sealer reversing() {
  // Stands in for encryption: binds the name, and is not the plain text.
  return {[](std::string_view name, std::string_view plain) -> Result<std::string> {
            return std::string(name) + "|" + std::string(plain.rbegin(), plain.rend());
          },
          [](std::string_view name, std::string_view sealed) -> Result<std::string> {
            const std::string prefix = std::string(name) + "|";
            if (!sealed.starts_with(prefix))
              return Error{Code::invalid_argument, "sealed under another name"};
            sealed.remove_prefix(prefix.size());
            return std::string(sealed.rbegin(), sealed.rend());
          }};
}

TEST(SealedStore, KeepsSecretsSealedAcrossARestart) {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "sealed.json";
  {
    auto store = *SealedStore::open(file, reversing());
    ASSERT_TRUE(store->put("peers/a/psk", Secret("hush")));
    ASSERT_TRUE(store->put("wireguard/hub", Secret("key")));
    ASSERT_TRUE(store->remove("absent"));
  }
  auto store = *SealedStore::open(file, reversing());

  EXPECT_EQ(store->get("peers/a/psk")->reveal(), "hush");
  EXPECT_EQ(read_file(file)->find("hush"), std::string::npos);
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_THAT(store->names("peers/"), testing::ElementsAre("peers/a/psk"));
  ASSERT_TRUE(store->remove("peers/a/psk"));
  EXPECT_EQ(store->get("peers/a/psk").error().code, Code::not_found);
  EXPECT_FALSE(store->put("Bad Name", Secret("x")));
}

}  // namespace
}  // namespace cell::config
