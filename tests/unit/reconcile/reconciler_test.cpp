#include "reconcile/reconciler.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "base/atomic_file.hpp"
#include "reconcile/core_stack.hpp"
#include "unit/support/fake_caddy.hpp"
#include "unit/support/fake_engine.hpp"
#include "unit/support/fake_hub.hpp"

namespace cell::reconcile {
namespace {

using std::chrono::milliseconds;

// A whole cell on fakes: engine, Caddy and hub in memory, files in a folder of the test's own.
class ReconcilerTest : public testing::Test {
 protected:
  ReconcilerTest() {
    char pattern[] = "/tmp/cell-test-XXXXXX";
    directory_ = ::mkdtemp(pattern);
    settings_.instance = "t";
    settings_.directory = directory_;
    settings_.network_ipv4 = "172.29.1.0/24";
    settings_.caddy.ipv4 = "172.29.1.2";
    settings_.dns.ipv4 = "172.29.1.3";
    settings_.ntp.ipv4 = "172.29.1.4";
    settings_.wireguard.ipv4 = "172.29.1.9";
    for (const char* image : {"caddy", "coredns", "chrony", "wireguard"})
      engine_.images["pic/" + std::string(image) + ":1"] = std::string("id-") + image;
    make();
  }
  ~ReconcilerTest() override {
    reconciler_.reset();
    std::filesystem::remove_all(directory_);
  }

  void make() {
    Reconciler::Options options;
    options.engine = &engine_;
    options.caddy = &caddy_;
    options.hub = &hub_;
    options.clock = &clock_;
    options.log = logs_->logger("reconcile");
    options.ready_wait = milliseconds{500};
    options.desired = [this]() -> Result<Desired> {
      const std::lock_guard lock(mutex_);
      ++asked_;
      if (wish_error_) return *wish_error_;
      return desired();
    };
    options.on_change = [this](const State& state) {
      const std::lock_guard lock(mutex_);
      told_.push_back(state.kind + "/" + state.name + " " + std::string(to_string(state.status)));
    };
    reconciler_ = std::make_unique<Reconciler>(std::move(options));
  }

  Desired desired() const {
    Desired desired = core_stack(settings_);
    const CoreNames names = core_names("t", directory_);
    desired.caddy = CaddyDocument{{{"admin", {{"listen", "x"}}}, {"routes", route_}},
                                  {{names.caddy_config / "home.crt", "pem", 0600}},
                                  names.caddy_saved,
                                  names.caddy};
    desired.documents = {{"coredns", {{names.corefile, corefile_}}, names.dns, Tell::signal},
                         {"chrony", {{names.chrony_conf, chrony_}}, names.ntp, Tell::restart}};
    desired.hub = HubDocument{hub_document_, names.wireguard};
    return desired;
  }

  std::vector<std::string> writes() {
    return engine_.with([](auto& engine) { return std::exchange(engine.writes, {}); });
  }
  State state_of(const std::string& key) const {
    for (const State& state : reconciler_->states()) {
      if (state.kind + "/" + state.name == key) return state;
    }
    return {};
  }
  template <class Condition>
  static bool eventually(Condition condition) {
    for (int i = 0; i < 500; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(milliseconds{10});
    }
    return false;
  }

  std::filesystem::path directory_;
  CoreSettings settings_;
  std::string route_ = "r1", corefile_ = "c1", chrony_ = "n1";
  hub::Document hub_document_;
  std::optional<Error> wish_error_;
  int asked_ = 0;
  std::vector<std::string> told_;
  mutable std::mutex mutex_;

  test::FakeEngine engine_;
  test::FakeCaddy caddy_;
  test::FakeHub hub_;
  ManualClock clock_;
  std::unique_ptr<log::Logs> logs_ = log::Logs::null();
  std::unique_ptr<Reconciler> reconciler_;
};

TEST_F(ReconcilerTest, BringsUpEverythingFromNothingAndThenDoesNothing) {
  const RunReport first = reconciler_->run_now();

  EXPECT_TRUE(first.converged());
  EXPECT_EQ(writes(),
            (std::vector<std::string>{
                "create network t-network", "create container t-caddy", "start container t-caddy",
                "create container t-dns", "start container t-dns", "create container t-ntp",
                "start container t-ntp", "create container t-wireguard", "start container t-wireguard"}));
  EXPECT_EQ(caddy_.loads, 1);
  EXPECT_EQ(hub_.applies, 1);

  const RunReport second = reconciler_->run_now();

  EXPECT_EQ(second.changes, 0);
  EXPECT_EQ(writes(), std::vector<std::string>{});
  EXPECT_EQ(caddy_.loads, 1);
  EXPECT_EQ(hub_.applies, 1);
  EXPECT_EQ(reconciler_->states().size(), 13U);
}

TEST_F(ReconcilerTest, OneSaveIsOneLoadOneReloadAndOneApply) {
  reconciler_->run_now();
  writes();
  route_ = "r2";
  corefile_ = "c2";
  hub_document_.mtu = 1380;

  const RunReport report = reconciler_->run_now();
  reconciler_->run_now();

  EXPECT_EQ(report.changes, 3);
  EXPECT_EQ(writes(), std::vector<std::string>{"signal container t-dns"});
  EXPECT_EQ(engine_.containers_by_name["t-dns"].signals, std::vector<std::string>{"SIGUSR1"});
  EXPECT_EQ(caddy_.loads, 2);
  EXPECT_EQ(hub_.applies, 2);
}

TEST_F(ReconcilerTest, ChangedTimeSourcesRestartTheTimeServerOnly) {
  reconciler_->run_now();
  writes();
  chrony_ = "n2";

  reconciler_->run_now();

  EXPECT_EQ(writes(), std::vector<std::string>{"restart container t-ntp"});
}

TEST_F(ReconcilerTest, MendsARemovedAStoppedAndAChangedContainer) {
  reconciler_->run_now();
  writes();
  engine_.containers_by_name.erase("t-dns");
  engine_.containers_by_name["t-ntp"].state = "exited";
  engine_.containers_by_name["t-caddy"].spec.labels["cell.hash"] = "other";

  const RunReport report = reconciler_->run_now();

  EXPECT_TRUE(report.converged());
  EXPECT_EQ(writes(), (std::vector<std::string>{"remove container t-caddy", "create container t-caddy",
                                                "start container t-caddy", "create container t-dns",
                                                "start container t-dns", "start container t-ntp"}));
}

TEST_F(ReconcilerTest, WhatCaddyReallyHoldsCountsNotWhatItWasGivenOnce) {
  reconciler_->run_now();
  caddy_.running = nullptr;

  reconciler_->run_now();

  EXPECT_EQ(caddy_.loads, 2);
}

TEST_F(ReconcilerTest, ARewrittenFileIsPutRightAndTold) {
  reconciler_->run_now();
  writes();
  std::ofstream(core_names("t", directory_).corefile) << "someone else's";

  reconciler_->run_now();

  EXPECT_EQ(read_file(core_names("t", directory_).corefile).value(), "c1");
  EXPECT_EQ(writes(), std::vector<std::string>{"signal container t-dns"});
}

TEST_F(ReconcilerTest, AFileThatWasWrittenBeforeACrashIsToldAfterIt) {
  reconciler_->run_now();
  corefile_ = "c2";
  engine_.failures["signal container t-dns"] = Error{Code::internal, "killed here"};
  reconciler_->run_now();
  writes();
  engine_.failures.clear();
  make();

  reconciler_->run_now();

  EXPECT_EQ(writes(), std::vector<std::string>{"signal container t-dns"});
}

TEST_F(ReconcilerTest, CaddyStartsFromTheLastDocumentThatItTook) {
  const auto saved = core_names("t", directory_).caddy_saved;
  caddy_.refusal = Error{Code::invalid_argument, "Caddy refused the document: unknown module"};

  reconciler_->run_now();
  EXPECT_EQ(Json::parse(read_file(saved).value()), Json::parse(R"({"admin": {"listen": "x"}})"));
  EXPECT_EQ(state_of("caddy/t-caddy").status, Status::failed);
  EXPECT_EQ(state_of("caddy/t-caddy").error->message, "Caddy refused the document: unknown module");

  caddy_.refusal.reset();
  reconciler_->run_now();
  EXPECT_EQ(Json::parse(read_file(saved).value())["routes"], "r1");

  caddy_.refusal = Error{Code::invalid_argument, "no"};
  route_ = "bad";
  reconciler_->run_now();
  EXPECT_EQ(Json::parse(read_file(saved).value())["routes"], "r1");
}

TEST_F(ReconcilerTest, WaitsForTheSocketOfAProxyThatWasJustStarted) {
  caddy_.absent_for = 2;

  EXPECT_TRUE(reconciler_->run_now().converged());
  EXPECT_EQ(caddy_.loads, 1);
}

TEST_F(ReconcilerTest, OneFailureLeavesTheOthersAlone) {
  engine_.failures["create container t-dns"] =
      Error{Code::conflict, "port is already allocated", "choose another port"};

  const RunReport report = reconciler_->run_now();

  ASSERT_EQ(report.unfinished.size(), 2U);
  EXPECT_EQ(state_of("container/t-dns").status, Status::failed);
  EXPECT_EQ(state_of("container/t-dns").error->hint, "choose another port");
  EXPECT_EQ(state_of("coredns/t-dns").status, Status::pending);
  EXPECT_EQ(state_of("coredns/t-dns").error->message, "waits for container 't-dns'");
  EXPECT_EQ(state_of("container/t-wireguard").status, Status::applied);
  EXPECT_EQ(caddy_.loads, 1);
}

TEST_F(ReconcilerTest, WithoutTheEngineTheProxyAndTheHubStillFollow) {
  reconciler_->run_now();
  writes();
  engine_.gone = true;
  route_ = "r2";
  hub_document_.mtu = 1380;

  const RunReport report = reconciler_->run_now();

  EXPECT_FALSE(report.converged());
  EXPECT_EQ(state_of("container/t-dns").error->message, "the engine is not there");
  EXPECT_EQ(caddy_.loads, 2);
  EXPECT_EQ(hub_.applies, 2);
  engine_.gone = false;
  EXPECT_TRUE(reconciler_->run_now().converged());
  EXPECT_EQ(writes(), std::vector<std::string>{});
}

TEST_F(ReconcilerTest, PullsAMissingImageLastAndGoesOnAfterIt) {
  engine_.images.erase("pic/coredns:1");
  engine_.registry["pic/coredns:1"] = "id-coredns";

  const RunReport report = reconciler_->run_now();

  EXPECT_TRUE(report.converged());
  const auto made = writes();
  EXPECT_EQ(
      (std::vector<std::string>{made.end() - 3, made.end()}),
      (std::vector<std::string>{"pull pic/coredns:1", "create container t-dns", "start container t-dns"}));
}

TEST_F(ReconcilerTest, AMissingImageThatNobodyHasIsSaidAndHoldsUpItsContainerOnly) {
  engine_.images.erase("pic/coredns:1");

  reconciler_->run_now();

  EXPECT_EQ(state_of("image/pic/coredns:1").status, Status::failed);
  EXPECT_EQ(state_of("container/t-dns").status, Status::pending);
  EXPECT_EQ(state_of("container/t-dns").error->message, "waits for image 'pic/coredns:1'");
  EXPECT_EQ(state_of("container/t-ntp").status, Status::applied);
}

TEST_F(ReconcilerTest, AWishThatCannotBeMadeChangesNothing) {
  reconciler_->run_now();
  writes();
  wish_error_ = Error{Code::internal, "no configuration"};

  reconciler_->run_now();

  EXPECT_EQ(writes(), std::vector<std::string>{});
  EXPECT_EQ(state_of("desired/cell").error->message, "no configuration");
  EXPECT_EQ(state_of("container/t-dns").status, Status::applied);
}

TEST_F(ReconcilerTest, OnePeerGoesToTheHubWithoutTheEngine) {
  reconciler_->run_now();
  engine_.reads = 0;
  hub_document_.peers.push_back({"a", "", {"10.13.13.2"}, {}});

  const auto outcome = reconciler_->apply_hub({hub_document_, "t-wireguard"});

  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(hub_.peer_changes, 1);
  EXPECT_EQ(hub_.applies, 1);
  EXPECT_EQ(engine_.reads, 0);
  reconciler_->run_now();
  EXPECT_EQ(hub_.applies, 1);
  EXPECT_EQ(hub_.peer_changes, 1);
}

TEST_F(ReconcilerTest, AHubThatWasChangedBehindOurBackGetsTheWholeDocument) {
  reconciler_->run_now();
  hub_.applied->mtu = 1280;

  reconciler_->run_now();

  EXPECT_EQ(hub_.applies, 2);
  EXPECT_EQ(hub_.peer_changes, 0);
}

TEST_F(ReconcilerTest, ABurstOfRequestsIsOneRun) {
  reconciler_->start();
  ASSERT_TRUE(eventually([&] { return caddy_.loads == 1 && hub_.applies == 1; }));
  std::this_thread::sleep_for(milliseconds{100});
  int before = 0;
  {
    const std::lock_guard lock(mutex_);
    before = asked_;
    route_ = "r2";
  }

  for (int i = 0; i < 200; ++i) reconciler_->request("save");

  ASSERT_TRUE(eventually([&] { return caddy_.loads == 2; }));
  std::this_thread::sleep_for(milliseconds{200});
  const std::lock_guard lock(mutex_);
  EXPECT_LE(asked_ - before, 2);
  EXPECT_EQ(caddy_.loads, 2);
}

TEST_F(ReconcilerTest, ADeadContainerIsMendedAtOnce) {
  reconciler_->start();
  ASSERT_TRUE(eventually([&] { return hub_.applies == 1; }));
  engine_.with([](auto& engine) { return engine.containers_by_name.erase("t-dns"); });

  engine_.emit({"container", "destroy", "t-dns", {{"cell.instance", "t"}}, 0});

  EXPECT_TRUE(eventually([&] {
    return engine_.with([](auto& engine) { return engine.containers_by_name.contains("t-dns"); });
  }));
}

TEST_F(ReconcilerTest, AsksForTheEventsThatCameWhileItWasNotListening) {
  reconciler_->start();
  const auto asked_since = [&] { return engine_.with([](auto& engine) { return engine.events_since_ns; }); };
  ASSERT_TRUE(eventually([&] { return asked_since() > 0; })) << "the first time: from its start";
  const std::int64_t later = asked_since() + 5'000'000'000;

  engine_.emit({"container", "start", "t-dns", {{"cell.instance", "t"}}, later});

  EXPECT_TRUE(eventually([&] { return asked_since() == later + 1; }));
}

TEST_F(ReconcilerTest, ConvergesByItselfWhenTheEngineIsBack) {
  engine_.gone = true;
  reconciler_->start();
  ASSERT_TRUE(eventually([&] { return state_of("container/t-dns").status == Status::failed; }));

  engine_.with([](auto& engine) { return engine.gone = false; });

  EXPECT_TRUE(eventually([&] { return state_of("container/t-dns").status == Status::applied; }));
}

TEST_F(ReconcilerTest, ChangesAreTold) {
  reconciler_->run_now();
  const auto first = std::exchange(told_, {});
  reconciler_->run_now();

  EXPECT_NE(std::find(first.begin(), first.end(), "caddy/t-caddy applied"), first.end());
  EXPECT_TRUE(told_.empty());
}

TEST_F(ReconcilerTest, AStoppedPartIsLeftAloneWithItsDocument) {
  reconciler_->run_now();
  writes();
  engine_.containers_by_name["t-dns"].state = "exited";
  corefile_ = "c2";
  Reconciler::Options options;
  options.engine = &engine_;
  options.caddy = &caddy_;
  options.hub = &hub_;
  options.clock = &clock_;
  options.log = logs_->logger("reconcile");
  options.desired = [this]() -> Result<Desired> {
    Desired wish = desired();
    wish.containers[1].stopped = true;
    return wish;
  };
  Reconciler other(std::move(options));

  const RunReport report = other.run_now();

  EXPECT_EQ(writes(), std::vector<std::string>{});
  ASSERT_EQ(report.unfinished.size(), 1U);
  EXPECT_EQ(report.unfinished[0].error->message, "container 't-dns' was stopped");
}

}  // namespace
}  // namespace cell::reconcile
