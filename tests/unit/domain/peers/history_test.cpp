#include "domain/peers/history.hpp"

#include <gtest/gtest.h>

#include "unit/support/config_state.hpp"

namespace cell::peers {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct HistoryTest : testing::Test {
  std::unique_ptr<database::Database> database = database::Database::in_memory().value();
  ManualClock clock{from_unix(1'800'144'000)};  // the begin of a step in all three ranges
  std::unique_ptr<History> history = History::open(*database, clock).value();

  std::vector<TrafficPoint> points(const std::string& id, const std::string& range) const {
    auto all = history->of(id, range)->points;
    std::erase_if(all, [](const TrafficPoint& point) { return point.rx == 0 && point.tx == 0; });
    return all;
  }
};

TEST_F(HistoryTest, IsEmptyWhereNothingWasCounted) {
  EXPECT_TRUE(history->of("p", "24h")->points.empty());
  EXPECT_EQ(history->of("p", "24h")->step_s, 600);
  EXPECT_EQ(history->of("p", "30d")->step_s, 21'600);
  EXPECT_EQ(history->of("p", "1y")->step_s, 259'200);
  EXPECT_EQ(history->of("p", "7d").error().code, Code::invalid_argument);
}

TEST_F(HistoryTest, AnswersHaveNoGapsAndEndNow) {
  history->add({{"p", 5, 7}});
  clock.advance(minutes{25});
  const auto traffic = history->of("p", "24h").value();
  ASSERT_EQ(traffic.points.size(), 144u);
  EXPECT_EQ(traffic.points[141], (TrafficPoint{from_unix(1'800'144'000), 5, 7}));
  EXPECT_EQ(traffic.points[142].rx, 0u);
  EXPECT_EQ(traffic.points.back().at, from_unix(1'800'144'000 + 1200));
}

TEST_F(HistoryTest, EachAmountIsInAllRangesAndInTheHubs) {
  history->add({{"p", 100, 10}, {"q", 1, 1}});
  ASSERT_TRUE(history->save());
  clock.advance(minutes{10});
  history->add({{"p", 200, 20}});
  for (const bool saved : {false, true}) {
    if (saved) {
      ASSERT_TRUE(history->save());
    }
    EXPECT_EQ(points("p", "24h").size(), 2u);
    ASSERT_EQ(points("p", "30d").size(), 1u);
    EXPECT_EQ(points("p", "30d")[0].rx, 300u);
    EXPECT_EQ(points("p", "1y")[0].tx, 30u);
    EXPECT_EQ(points("", "30d")[0].rx, 301u);
  }
}

TEST_F(HistoryTest, OldStepsArePrunedAndTheCoarserOnesStay) {
  history->add({{"p", 100, 10}});
  ASSERT_TRUE(history->save());
  clock.advance(hours{24 * 40});
  history->add({{"p", 1, 1}});
  ASSERT_TRUE(history->save());

  EXPECT_EQ(points("p", "24h").size(), 1u);
  EXPECT_EQ(points("p", "30d").size(), 1u);
  EXPECT_EQ(points("p", "1y").size(), 2u);
  EXPECT_EQ(database->query("SELECT t FROM peer_traffic WHERE peer_id = 'p' AND step_s = 600")->size(), 1u);
  EXPECT_EQ(database->query("SELECT t FROM peer_traffic WHERE peer_id = 'p' AND step_s = 259200")->size(),
            2u);
}

TEST_F(HistoryTest, PruningKeepsAllThatIsShown) {
  history->add({{"p", 100, 10}});
  ASSERT_TRUE(history->save());
  clock.advance(minutes{143 * 10});
  ASSERT_TRUE(history->save());
  EXPECT_EQ(points("p", "24h").size(), 1u);
  EXPECT_EQ(history->of("p", "24h")->points.front().rx, 100u);
}

TEST_F(HistoryTest, SurvivesARestart) {
  history->add({{"p", 100, 10}});
  ASSERT_TRUE(history->save());
  history = History::open(*database, clock).value();
  EXPECT_EQ(points("p", "24h").at(0).rx, 100u);
}

TEST_F(HistoryTest, ForgetsADevice) {
  history->add({{"p", 100, 10}});
  ASSERT_TRUE(history->save());
  history->add({{"p", 100, 10}});
  ASSERT_TRUE(history->forget("p"));
  EXPECT_TRUE(history->of("p", "1y")->points.empty());
  EXPECT_EQ(points("", "24h").at(0).rx, 200u);
}

}  // namespace
}  // namespace cell::peers
