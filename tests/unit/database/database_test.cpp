#include "database/database.hpp"

#include <gmock/gmock.h>

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

TEST(DatabaseFile, SaysThatItsFolderIsMissing) { EXPECT_FALSE(Database::open("/nonexistent/cell.sqlite")); }

}  // namespace
}  // namespace cell::database
