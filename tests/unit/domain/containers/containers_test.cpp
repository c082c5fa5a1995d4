#include "domain/containers/containers.hpp"

#include <thread>

#include <gmock/gmock.h>

#include "unit/support/config_state.hpp"
#include "unit/support/fake_engine.hpp"

namespace cell::containers {
namespace {

class Events final : public EventSink {
 public:
  void publish(std::string_view event, const Json& data) override {
    const std::lock_guard lock(mutex_);
    if (event == "container.changed") changed.push_back(data);
  }
  std::vector<Json> changed;

 private:
  std::mutex mutex_;
};

struct ContainersTest : testing::Test {
  test::ConfigState state;
  test::FakeEngine engine;
  Events events;
  std::unique_ptr<jobs::Jobs> jobs =
      jobs::Jobs::open(*state.database, events, state.clock, state.logs->logger("jobs")).value();
  Containers containers{{engine, *state.config, *jobs, events, "cell"}};

  void SetUp() override {
    hold("cell-dns", {{"cell.instance", "cell"}, {"cell.owner", "core"}}, "running");
    hold("cell-api", {{"cell.instance", "cell"}}, "running");
    hold("a-stranger", {}, "running");
  }
  void hold(const std::string& name, std::map<std::string, std::string> labels,
            const std::string& run_state) {
    test::FakeEngine::Held held;
    held.spec.name = name;
    held.spec.labels = std::move(labels);
    held.state = run_state;
    engine.containers_by_name[name] = held;
  }
  // The state in which a job ends.
  std::string end_of(const std::string& id) {
    for (int i = 0; i < 500; ++i) {
      const std::string now = json_string(*jobs->get(id), "state");
      if (now == "done" || now == "failed") return now;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return "still running";
  }
  std::set<std::string> stopped() { return settings::stopped_containers_of(state.config->snapshot()->root); }
  std::string engine_state(const std::string& name) {
    return engine.with([&](test::FakeEngine& held) { return held.containers_by_name[name].state; });
  }
};

TEST_F(ContainersTest, ListsTheCellsOwnFirst) {
  std::vector<std::string> names;
  const Json items = *containers.list();
  for (const Json& item : items) names.push_back(json_string(item, "name"));
  EXPECT_THAT(names, testing::ElementsAre("cell-api", "cell-dns", "a-stranger"));
}

TEST_F(ContainersTest, StoppedByItsOwnerStaysWantedStopped) {
  EXPECT_EQ(end_of(*containers.begin(Act::stop, "cell-dns", "ann")), "done");

  EXPECT_EQ(engine_state("cell-dns"), "exited");
  EXPECT_EQ(stopped(), (std::set<std::string>{"cell-dns"}));
  EXPECT_EQ((*containers.inspect("cell-dns"))["stopped_by_owner"], true);
}

TEST_F(ContainersTest, StartingTakesTheWishBack) {
  ASSERT_EQ(end_of(*containers.begin(Act::stop, "cell-dns", "ann")), "done");
  EXPECT_EQ(end_of(*containers.begin(Act::start, "cell-dns", "ann")), "done");

  EXPECT_EQ(engine_state("cell-dns"), "running");
  EXPECT_TRUE(stopped().empty());
}

TEST_F(ContainersTest, RestartingAStoppedOneTakesTheWishBack) {
  ASSERT_EQ(end_of(*containers.begin(Act::stop, "cell-dns", "ann")), "done");
  EXPECT_EQ(end_of(*containers.begin(Act::restart, "cell-dns", "ann")), "done");

  EXPECT_EQ(engine_state("cell-dns"), "running");
  EXPECT_TRUE(stopped().empty());
}

TEST_F(ContainersTest, AFailedStopLeavesNoWish) {
  engine.failures["stop container cell-dns"] = Error{Code::internal, "it does not stop"};
  EXPECT_EQ(end_of(*containers.begin(Act::stop, "cell-dns", "ann")), "failed");

  EXPECT_TRUE(stopped().empty());
}

TEST_F(ContainersTest, AFailedStartKeepsTheWishToHaveItStopped) {
  ASSERT_EQ(end_of(*containers.begin(Act::stop, "cell-dns", "ann")), "done");
  engine.failures["start container cell-dns"] = Error{Code::internal, "it does not start"};
  EXPECT_EQ(end_of(*containers.begin(Act::start, "cell-dns", "ann")), "failed");

  EXPECT_EQ(stopped(), (std::set<std::string>{"cell-dns"}));
}

TEST_F(ContainersTest, StrangersAreNotTouched) {
  for (const Act act : {Act::start, Act::stop, Act::restart}) {
    const auto refused = containers.begin(act, "a-stranger", "ann");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::forbidden);
    EXPECT_EQ(refused.error().reason, "read_only");
  }
  EXPECT_TRUE(engine.writes.empty());
  EXPECT_TRUE(stopped().empty());
}

TEST_F(ContainersTest, TheApiDoesNotEndItself) {
  EXPECT_EQ(containers.begin(Act::stop, "cell-api", "ann").error().reason, "own_container");
  EXPECT_EQ(containers.begin(Act::restart, "cell-api", "ann").error().reason, "own_container");
}

TEST_F(ContainersTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(containers.begin(Act::stop, "cell-mail", "ann").error().code, Code::not_found);
  EXPECT_EQ(containers.inspect("cell-mail").error().code, Code::not_found);
  EXPECT_EQ(containers.logs("cell-mail", 10, {}).error().code, Code::not_found);
}

TEST_F(ContainersTest, ReadsTheLastLines) {
  engine.log_lines["cell-dns"] = {{"2026-11-24T00:00:01Z", "stdout", "first"},
                                  {"2026-11-24T00:00:02Z", "stderr", "second"}};

  EXPECT_EQ(*containers.logs("cell-dns", 1, {}),
            (Json::parse(R"([{"t": "2026-11-24T00:00:02Z", "stream": "stderr", "line": "second"}])")));
}

TEST_F(ContainersTest, EventsOfTheEngineBecomeChanges) {
  containers.on_event({"container", "die", "cell-dns", {}, 0});
  containers.on_event({"container", "start", "cell-dns", {}, 0});
  containers.on_event({"container", "health_status: healthy", "cell-dns", {}, 0});
  containers.on_event({"container", "exec_create: ls", "cell-dns", {}, 0});
  containers.on_event({"network", "destroy", "cell-network", {}, 0});

  EXPECT_THAT(events.changed, testing::ElementsAre(Json{{"name", "cell-dns"}, {"state", "exited"}},
                                                   Json{{"name", "cell-dns"}, {"state", "running"}},
                                                   Json{{"name", "cell-dns"}, {"state", "running"}}));
}

TEST_F(ContainersTest, RemembersSinceWhenContainersRunUntilAnEvent) {
  const auto started = [&] {
    const Json items = *containers.list();
    return items[1]["started_at"];
  };
  engine.inspections["cell-dns"] = Json::parse(R"({"State": {"StartedAt": "2026-11-24T00:00:00Z"}})");
  EXPECT_EQ(started(), "2026-11-24T00:00:00Z");
  engine.inspections["cell-dns"] = Json::parse(R"({"State": {"StartedAt": "2026-11-24T01:00:00Z"}})");
  EXPECT_EQ(started(), "2026-11-24T00:00:00Z");

  containers.on_event({"container", "start", "cell-dns", {}, 0});
  EXPECT_EQ(started(), "2026-11-24T01:00:00Z");
}

TEST_F(ContainersTest, CountsItsOwn) {
  hold("cell-ntp", {{"cell.instance", "cell"}}, "exited");
  EXPECT_EQ(containers.count()->running, 2U);
  EXPECT_EQ(containers.count()->total, 3U);
}

TEST_F(ContainersTest, KnowsSinceWhenOneRuns) {
  engine.inspections["cell-dns"] =
      Json::parse(R"({"State": {"Running": true, "StartedAt": "2026-11-24T00:00:00.9Z"}})");
  engine.inspections["cell-api"] =
      Json::parse(R"({"State": {"Running": false, "StartedAt": "2026-11-24T00:00:00Z"}})");

  EXPECT_EQ(format_time(*containers.started_at("cell-dns")), "2026-11-24T00:00:00Z");
  EXPECT_FALSE(containers.started_at("cell-api"));
  EXPECT_FALSE(containers.started_at("nobody"));
}

TEST_F(ContainersTest, MeasuresWhatRunsWhenAsked) {
  hold("cell-ntp", {{"cell.instance", "cell"}}, "exited");
  const Json items = *containers.stats();

  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0], (Json{{"name", "a-stranger"},
                            {"cpu_percent", 12.5},
                            {"memory_bytes", 1000},
                            {"memory_limit_bytes", 2000},
                            {"rx_bytes", 3},
                            {"tx_bytes", 4},
                            {"pids", 5}}));
}

TEST_F(ContainersTest, DoesNotMeasureAgainForEachRequest) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(containers.stats());

  EXPECT_EQ(engine.with([](test::FakeEngine& held) { return held.measured["cell-dns"]; }), 1);
}

TEST_F(ContainersTest, TellsThatTheEngineIsGone) {
  engine.with([](test::FakeEngine& held) {
    held.gone = true;
    return 0;
  });

  EXPECT_EQ(containers.stats().error().code, Code::unavailable);
  EXPECT_EQ(containers.list().error().code, Code::unavailable);
}

TEST_F(ContainersTest, ListsImagesAndVolumes) {
  engine.images["pic/coredns:1"] = "sha256:1";
  engine.volumes_by_name["cell-data"] = {{"cell.instance", "cell"}, {"cell.owner", "mail"}};
  engine.volumes_by_name["foreign"] = {};

  EXPECT_EQ(*containers.images(),
            (Json::parse(R"([{"id": "sha256:1", "references": ["pic/coredns:1"], "size_bytes": 1000000,
                                                    "created_at": "2027-01-15T08:00:00Z"}])")));
  EXPECT_EQ(*containers.volumes(),
            (Json::parse(R"([{"name": "cell-data", "owner": "mail", "read_only": false},
                                                     {"name": "foreign", "owner": null, "read_only": true}])")));
}

}  // namespace
}  // namespace cell::containers
