#include "domain/health/board.hpp"

#include <gmock/gmock.h>

#include "domain/health/dashboard.hpp"

namespace cell::health {
namespace {

struct Events final : EventSink {
  void publish(std::string_view event, const Json& data) override { all.emplace_back(event, data); }
  std::vector<std::pair<std::string, Json>> all;
};

struct BoardTest : testing::Test {
  ManualClock clock;
  std::unique_ptr<database::Database> database = database::Database::in_memory().value();
  Events events;
  Facts facts;
  std::unique_ptr<Board> board = open();
  std::unique_ptr<Board> open() {
    return Board::open(*database, events, clock, [this] { return facts; }).value();
  }
  void SetUp() override {
    facts.stopped_containers = {"cell-ntp"};
    board->refresh();
  }
};

TEST_F(BoardTest, TellsOfChangesOnly) {
  board->refresh();
  ASSERT_EQ(events.all.size(), 1U);
  EXPECT_EQ(events.all[0].first, "health");
  EXPECT_EQ(events.all[0].second["status"], "degraded");

  facts = {};
  board->refresh();
  ASSERT_EQ(events.all.size(), 2U);
  EXPECT_EQ(events.all[1].second, (Json{{"status", "ok"}, {"items", Json::array()}}));
}

TEST_F(BoardTest, WhatIsIgnoredDoesNotCount) {
  ASSERT_TRUE(board->ignore("stopped-cell-ntp", clock.now() + std::chrono::hours{1}));

  EXPECT_EQ(board->view()["status"], "ok");
  EXPECT_EQ(board->view()["items"][0]["ignore_until"], "2027-01-15T09:00:00Z");
  EXPECT_EQ(events.all.size(), 2U);
}

TEST_F(BoardTest, IgnoringEnds) {
  ASSERT_TRUE(board->ignore("stopped-cell-ntp", clock.now() + std::chrono::hours{1}));
  clock.advance(std::chrono::hours{2});
  board->refresh();

  EXPECT_EQ(board->view()["status"], "degraded");
  EXPECT_EQ(board->view()["items"][0]["ignore_until"], nullptr);
}

TEST_F(BoardTest, IgnoringIsTakenBack) {
  ASSERT_TRUE(board->ignore("stopped-cell-ntp", clock.now() + std::chrono::hours{1}));
  ASSERT_TRUE(board->ignore("stopped-cell-ntp", std::nullopt));

  EXPECT_EQ(board->view()["status"], "degraded");
}

TEST_F(BoardTest, IgnoringSurvivesARestart) {
  ASSERT_TRUE(board->ignore("stopped-cell-ntp", clock.now() + std::chrono::hours{1}));
  board = open();
  board->refresh();

  EXPECT_EQ(board->view()["status"], "ok");
}

TEST_F(BoardTest, RefusesWhatMakesNoSense) {
  EXPECT_EQ(board->ignore("nothing", clock.now() + std::chrono::hours{1}).error().code, Code::not_found);
  EXPECT_EQ(board->ignore("stopped-cell-ntp", clock.now()).error().fields.at(0).pointer, "/until");
  EXPECT_EQ(board->ignore("stopped-cell-ntp", clock.now() + std::chrono::hours{24 * 400})
                .error()
                .fields.at(0)
                .pointer,
            "/until");
  EXPECT_EQ(board->view()["status"], "degraded");
}

TEST_F(BoardTest, DashboardIsOneAnswer) {
  std::vector<Stats> samples;
  Dashboard::Sources sources;
  sources.cell = [] {
    return CellFacts{"home", "home.cell", "1.0", 60, "home.example.org:51820", std::nullopt};
  };
  sources.peers = [] { return PeerCount{3, 1}; };
  sources.containers = [] { return std::optional(ContainerCount{4, 5}); };
  sources.certificate = [] { return std::optional(Certificate{from_unix(1'800'000'000), {}}); };
  sources.recent = [] { return std::vector<Recent>{{from_unix(1'800'000'000), "login", "ann logged in"}}; };
  sources.history = [] { return Json{{"step_s", 60}, {"points", Json::array()}}; };
  sources.on_sample = [&](const Stats& stats) { samples.push_back(stats); };
  Dashboard dashboard(Machine(clock, "/nonexistent", "/nonexistent"), *board, events, sources);
  dashboard.refresh();
  dashboard.sample();
  const Json view = dashboard.view();

  EXPECT_EQ(view["cell"],
            (Json::parse(R"({"name": "home", "domain": "home.cell", "version": "1.0", "uptime_s": 60,
                                            "endpoint": "home.example.org:51820", "public_address": null})")));
  EXPECT_EQ(view["peers"], (Json{{"total", 3}, {"online", 1}}));
  EXPECT_EQ(view["containers"], (Json{{"running", 4}, {"total", 5}}));
  EXPECT_EQ(view["certificate"], (Json{{"not_after", "2027-01-15T08:00:00Z"}}));
  EXPECT_EQ(view["recent"][0],
            (Json{{"t", "2027-01-15T08:00:00Z"}, {"kind", "login"}, {"text", "ann logged in"}}));
  EXPECT_EQ(view["health"]["status"], "degraded");
  EXPECT_EQ(events.all.back().first, "stats");
  EXPECT_EQ(events.all.back().second, view["stats"]);
  EXPECT_EQ(samples.size(), 1U);
}

}  // namespace
}  // namespace cell::health
