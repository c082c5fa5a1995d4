#include "database/database.hpp"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>

#include "unit/support/temporary_directory.hpp"

namespace cell::database {
namespace {

struct Fixture : testing::Test {
  std::unique_ptr<Database> db = *Database::in_memory();
  void SetUp() override { ASSERT_TRUE(db->execute("CREATE TABLE t(a INTEGER, b TEXT UNIQUE, c REAL)")); }
};
using DatabaseTest = Fixture;

TEST_F(DatabaseTest, GivesBackEveryKindOfValue) {
  ASSERT_TRUE(db->execute("INSERT INTO t VALUES(?, ?, ?)",
                          {std::int64_t{9'007'199'254'740'993}, std::string("x\0y", 3), 1.5}));
  ASSERT_TRUE(db->execute("INSERT INTO t VALUES(?, ?, ?)", {nullptr, std::string(), nullptr}));

  const auto rows = *db->query("SELECT a, b, c FROM t ORDER BY rowid");

  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].integer(0), 9'007'199'254'740'993);
  EXPECT_EQ(rows[0].text(1), std::string("x\0y", 3));
  EXPECT_EQ(rows[0].real(2), 1.5);
  EXPECT_TRUE(rows[1].is_null(0));
  EXPECT_EQ(rows[1].text(1), "");
}

TEST_F(DatabaseTest, TakesUserTextOnlyAsAValue) {
  const std::string text = "x'); DROP TABLE t; --";
  ASSERT_TRUE(db->execute("INSERT INTO t(b) VALUES(?)", {text}));

  EXPECT_EQ((*db->query("SELECT b FROM t")).at(0).text(0), text);
}

TEST_F(DatabaseTest, CountsChangedRows) {
  ASSERT_TRUE(db->execute("INSERT INTO t(a) VALUES(1), (2), (3)"));

  EXPECT_EQ(*db->change("DELETE FROM t WHERE a > ?", {std::int64_t{1}}), 2);
  EXPECT_EQ(*db->change("DELETE FROM t WHERE a > ?", {std::int64_t{1}}), 0);
}

TEST_F(DatabaseTest, ATransactionThatFailsLeavesNothing) {
  const auto outcome = db->transaction([&]() -> Result<void> {
    CELL_TRY(db->execute("INSERT INTO t(b) VALUES('one')"));
    return db->execute("INSERT INTO t(b) VALUES('one')");
  });

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::conflict);
  EXPECT_TRUE(db->query("SELECT * FROM t")->empty());
  EXPECT_TRUE(db->execute("INSERT INTO t(b) VALUES('after')"));
}

TEST_F(DatabaseTest, RunsEachMigrationOnce) {
  ASSERT_TRUE(db->migrate("x", {"CREATE TABLE x(a)"}));
  ASSERT_TRUE(db->migrate("x", {"CREATE TABLE x(a)", "INSERT INTO x VALUES(1)"}));
  ASSERT_TRUE(db->migrate("x", {"CREATE TABLE x(a)", "INSERT INTO x VALUES(1)"}));

  EXPECT_EQ(db->query("SELECT * FROM x")->size(), 1U);
  EXPECT_EQ(db->migrate("x", {"CREATE TABLE x(a)"}).error().code, Code::unsupported);
}

TEST_F(DatabaseTest, AMigrationMayHoldSeveralStatements) {
  ASSERT_TRUE(db->migrate("x", {"CREATE TABLE x(a); INSERT INTO x VALUES(1); INSERT INTO x VALUES(2)"}));

  EXPECT_EQ(db->query("SELECT * FROM x")->size(), 2U);
}

TEST_F(DatabaseTest, AMigrationThatFailsHalfwayLeavesNothing) {
  ASSERT_FALSE(db->migrate("x", {"CREATE TABLE x(a); INSERT INTO nowhere VALUES(1)"}));

  EXPECT_FALSE(db->query("SELECT * FROM x"));
}

TEST_F(DatabaseTest, RefusesASecondStatementInOneCall) {
  EXPECT_FALSE(db->execute("INSERT INTO t(a) VALUES(1); DELETE FROM t"));
  EXPECT_TRUE(db->query("SELECT * FROM t")->empty());
}

TEST_F(DatabaseTest, RefusesTheWrongNumberOfParameters) {
  EXPECT_FALSE(db->execute("INSERT INTO t(a, b) VALUES(?, ?)", {std::int64_t{1}}));
  EXPECT_FALSE(db->execute("INSERT INTO t(a) VALUES(1)", {std::int64_t{1}}));
}

TEST_F(DatabaseTest, SaysWhyAStatementIsWrong) {
  const auto outcome = db->execute("SELEC");

  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, testing::HasSubstr("syntax error"));
}

TEST(DatabaseFile, KeepsWhatWasCommitted) {
  const test::TemporaryDirectory directory;
  {
    auto db = *Database::open(directory.path() / "cell.sqlite");
    ASSERT_TRUE(db->execute("CREATE TABLE t(a)"));
    ASSERT_TRUE(db->execute("INSERT INTO t VALUES(7)"));
  }

  auto db = *Database::open(directory.path() / "cell.sqlite");

  EXPECT_EQ((*db->query("SELECT a FROM t")).at(0).integer(0), 7);
}

// A disk of 256 KiB, seen by the thread that makes it alone.
bool mount_small_disk(const std::filesystem::path& at) {
  return ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=256k") == 0;
}

Result<void> fill(Database& db) {
  Result<void> outcome;
  for (int i = 0; outcome && i < 1000; ++i)
    outcome = db.execute("INSERT INTO t VALUES(?)", {std::string(4096, 'x')});
  return outcome;
}

TEST(DatabaseFile, SaysThatTheDiskIsFullAndGoesOnOnceItIsNot) {
  const test::TemporaryDirectory directory;
  const auto disk = directory.path() / "disk";
  std::filesystem::create_directory(disk);
  bool is_mounted = false;
  Result<void> full;
  Result<void> afterwards;
  std::jthread([&] {
    is_mounted = mount_small_disk(disk);
    if (!is_mounted) return;
    std::ofstream(disk / "ballast") << std::string(65'536, 'x');
    const auto db = *Database::open(disk / "cell.sqlite");
    (void)db->execute("CREATE TABLE t(a TEXT)");
    full = fill(*db);
    std::filesystem::remove(disk / "ballast");
    afterwards = db->execute("INSERT INTO t VALUES('y')");
  }).join();
  if (!is_mounted) GTEST_SKIP() << "needs root for a disk of its own";

  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Code::unavailable);
  EXPECT_EQ(full.error().message, "the disk is full, so nothing can be written");
  EXPECT_EQ(full.error().hint, "free some space where the cell keeps its things, then try again");
  EXPECT_TRUE(afterwards) << afterwards.error().message;
}

TEST(DatabaseFile, SaysThatItsFolderIsMissing) { EXPECT_FALSE(Database::open("/nonexistent/cell.sqlite")); }

}  // namespace
}  // namespace cell::database
