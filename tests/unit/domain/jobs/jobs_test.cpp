#include "domain/jobs/jobs.hpp"

#include <future>

#include <gmock/gmock.h>

namespace cell::jobs {
namespace {

// Keeps what was published and lets a test wait for a job's end.
class Recorder final : public EventSink {
 public:
  void publish(std::string_view event, const Json& data) override {
    const std::lock_guard lock(mutex_);
    if (event != "job") return;
    states_.push_back(json_string(data, "id") + " " + json_string(data, "state"));
    last_[json_string(data, "id")] = data;
    changed_.notify_all();
  }
  Json wait_for_end(const std::string& id) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds{20},
                      [&] { return last_.contains(id) && last_[id].contains("ended_at"); });
    return last_[id];
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> states_;
  std::map<std::string, Json> last_;
};

struct Fixture : testing::Test {
  std::unique_ptr<database::Database> database = *database::Database::in_memory();
  Recorder events;
  ManualClock clock;
  std::unique_ptr<log::Logs> logs = log::Logs::null();
  std::unique_ptr<Jobs> jobs = *Jobs::open(*database, events, clock, logs->logger("jobs"));

  Request request(std::function<Result<void>(Progress&)> run, std::string target = {}) {
    return {.kind = "test",
            .title = "Try it",
            .actor = "ann",
            .target = std::move(target),
            .phases = {"first", "second"},
            .run = std::move(run)};
  }
};
using JobsTest = Fixture;

TEST_F(JobsTest, RunsThroughItsPhasesToTheEnd) {
  const auto id = *jobs->start(request([](Progress& progress) -> Result<void> {
    progress.phase("first");
    progress.phase("second", 10, "bytes");
    progress.advance(10);
    return {};
  }));

  const Json job = events.wait_for_end(id);

  EXPECT_EQ(job["state"], "done");
  EXPECT_EQ(job["progress"], 1.0);
  EXPECT_EQ(job["phases"][1]["unit"], "bytes");
  EXPECT_EQ(json_string(*jobs->get(id), "state"), "done");
}

TEST_F(JobsTest, AFailureCarriesCauseAndFix) {
  const auto id = *jobs->start(request([](Progress&) -> Result<void> {
    return Error{Code::unavailable, "no engine", "start it"};
  }));

  const Json job = events.wait_for_end(id);

  EXPECT_EQ(job["state"], "failed");
  EXPECT_EQ(job["error"]["cause"], "no engine");
  EXPECT_EQ(job["error"]["fix"], "start it");
}

TEST_F(JobsTest, AnExceptionFailsOnlyItsJob) {
  const auto id = *jobs->start(request([](Progress&) -> Result<void> { throw std::runtime_error("oops"); }));
  EXPECT_EQ(events.wait_for_end(id)["state"], "failed");

  const auto next = *jobs->start(request([](Progress&) -> Result<void> { return {}; }));
  EXPECT_EQ(events.wait_for_end(next)["state"], "done");
}

TEST_F(JobsTest, JobsOfOneTargetNeverOverlap) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i) {
    ids.push_back(*jobs->start(request(
        [&](Progress&) -> Result<void> {
          most = std::max(most.load(), ++running);
          std::this_thread::yield();
          --running;
          return {};
        },
        "cell-dns")));
  }
  for (const auto& id : ids) EXPECT_EQ(events.wait_for_end(id)["state"], "done");

  EXPECT_EQ(most, 1);
}

// Holds up who begins a job until another one has ended, and with it, if that took it along, the job itself.
class Meddler final : public EventSink {
 public:
  void publish(std::string_view, const Json& data) override {
    const std::string title = json_string(data, "title");
    const std::string state = json_string(data, "state");
    if (title == "first" && state == "done") first_ended.set_value();
    if (title == "second" && state == "done") second_ended.set_value();
    if (title != "second" || state != "queued") return;
    let_first_end.set_value();
    first_ended.get_future().wait();
    ended.wait_for(std::chrono::milliseconds{300});
  }

  std::promise<void> let_first_end, first_ended, second_ended;
  std::shared_future<void> ended = second_ended.get_future().share();
};

TEST_F(JobsTest, AJobThatBeginsAsAnotherEndsIsNotLeftQueued) {
  Meddler meddler;
  const auto others = *Jobs::open(*database, meddler, clock, logs->logger("jobs"));
  Request first = request([&](Progress&) -> Result<void> {
    meddler.let_first_end.get_future().wait();
    return {};
  });
  first.title = "first";
  ASSERT_TRUE(others->start(std::move(first)));
  Request second = request([](Progress&) { return Result<void>{}; });
  second.title = "second";

  const auto id = *others->start(std::move(second));

  ASSERT_EQ(meddler.ended.wait_for(std::chrono::seconds{20}), std::future_status::ready);
  EXPECT_EQ(json_string(*others->get(id), "state"), "done");
}

TEST_F(JobsTest, CancelsAJobThatAsks) {
  std::promise<void> begun;
  const auto id = *jobs->start(request([&](Progress& progress) -> Result<void> {
    begun.set_value();
    while (!progress.cancelled()) std::this_thread::yield();
    return Error{Code::cancelled, "it was cancelled"};
  }));
  begun.get_future().wait();

  EXPECT_EQ(jobs->dismiss(id).error().code, Code::conflict);
  ASSERT_TRUE(jobs->cancel(id));

  EXPECT_EQ(events.wait_for_end(id)["state"], "cancelled");
}

TEST_F(JobsTest, CancellingWhatIsNotThereIsNotFoundAndWhatHasEndedAConflict) {
  EXPECT_EQ(jobs->cancel("job-nothing").error().code, Code::not_found);

  const auto id = *jobs->start(request([](Progress&) -> Result<void> { return {}; }));
  events.wait_for_end(id);

  EXPECT_EQ(jobs->cancel(id).error().code, Code::conflict);
  EXPECT_EQ(json_string(*jobs->get(id), "state"), "done");
}

TEST_F(JobsTest, AJobThatRanWhenTheCellStoppedIsToldToStopAndIsInterruptedAfterwards) {
  std::promise<void> began;
  const auto id = *jobs->start(request([&](Progress& progress) -> Result<void> {
    began.set_value();
    while (!progress.cancelled()) std::this_thread::yield();
    return Error{Code::cancelled, "told to stop"};
  }));
  began.get_future().wait();

  jobs.reset();
  jobs = *Jobs::open(*database, events, clock, logs->logger("jobs"));

  const Json job = *jobs->get(id);
  EXPECT_EQ(job["state"], "failed");
  EXPECT_EQ(job["error"]["code"], "interrupted");
}

TEST_F(JobsTest, AJobThatWasInterruptedSaysSo) {
  ASSERT_TRUE(
      database->execute("INSERT INTO jobs VALUES('job-x', 1, 'running', ?)",
                        {std::string(R"({"id":"job-x","state":"running","title":"Set up","phases":[]})")}));

  jobs = *Jobs::open(*database, events, clock, logs->logger("jobs"));

  const Json job = *jobs->get("job-x");
  EXPECT_EQ(job["state"], "failed");
  EXPECT_EQ(job["error"]["code"], "interrupted");
  EXPECT_EQ(jobs->list().size(), 1U);
  ASSERT_TRUE(jobs->dismiss("job-x"));
  EXPECT_EQ(jobs->get("job-x").error().code, Code::not_found);
}

}  // namespace
}  // namespace cell::jobs
