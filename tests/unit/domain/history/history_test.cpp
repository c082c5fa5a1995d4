#include "domain/history/history.hpp"

#include <gtest/gtest.h>

namespace cell::history {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct HistoryTest : testing::Test {
  ManualClock clock{from_unix(1'800'000'000)};  // a whole minute
  std::unique_ptr<database::Database> database = database::Database::in_memory().value();
  std::unique_ptr<History> history = History::open(*database, clock).value();

  void add(std::chrono::seconds after, double cpu) {
    ASSERT_TRUE(history->add({from_unix(1'800'000'000) + after, cpu, 100, 10, 20}));
  }
};

TEST_F(HistoryTest, AveragesTheSamplesOfAMinute) {
  add(seconds{0}, 10);
  add(seconds{30}, 20);
  add(seconds{60}, 50);

  EXPECT_EQ(history->view(minutes{1}), (Json::parse(R"({"step_s": 60, "points": [
    {"t": "2027-01-15T08:00:00Z", "cpu_percent": 15.0, "memory_bytes": 100, "rx_rate": 10.0, "tx_rate": 20.0},
    {"t": "2027-01-15T08:01:00Z", "cpu_percent": 50.0, "memory_bytes": 100, "rx_rate": 10.0, "tx_rate": 20.0}]})")));
}

TEST_F(HistoryTest, GivesLargerSteps) {
  for (int minute = 0; minute < 6; ++minute) add(minutes{minute}, minute);
  const Json points = history->view(minutes{3})["points"];

  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0]["cpu_percent"], 1.0);
  EXPECT_EQ(points[1]["t"], "2027-01-15T08:03:00Z");
  EXPECT_EQ(points[1]["cpu_percent"], 4.0);
}

TEST_F(HistoryTest, SurvivesARestart) {
  add(seconds{0}, 10);
  add(seconds{61}, 30);
  ASSERT_TRUE(history->flush());
  history = History::open(*database, clock).value();

  ASSERT_EQ(history->minutes().size(), 2U);
  EXPECT_EQ(history->minutes()[1].cpu_percent, 30);
}

TEST_F(HistoryTest, ForgetsWhatIsOlderThanADay) {
  for (int minute = 0; minute <= 24 * 60 + 10; ++minute) add(minutes{minute}, 1);

  EXPECT_LE(history->minutes().size(), 24U * 60 + 1);
  EXPECT_LE(database->query("SELECT COUNT(*) FROM machine_history")->front().integer(0), 24 * 60);
  clock.advance(hours{100});
  EXPECT_TRUE(History::open(*database, clock).value()->minutes().empty());
}

TEST_F(HistoryTest, AClockSetBackLeavesNoFuture) {
  add(hours{2}, 1);
  add(hours{2} + minutes{1}, 1);
  add(seconds{0}, 2);
  add(minutes{1}, 2);

  const auto kept = history->minutes();
  for (std::size_t i = 1; i < kept.size(); ++i) EXPECT_LT(kept[i - 1].time, kept[i].time);
  EXPECT_EQ(kept.back().time, from_unix(1'800'000'060));
}

TEST_F(HistoryTest, EmptyOneHasNoPoints) {
  EXPECT_EQ(history->view(minutes{8}), (Json{{"step_s", 480}, {"points", Json::array()}}));
}

}  // namespace
}  // namespace cell::history
