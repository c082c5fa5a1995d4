#include "domain/services/services.hpp"

#include <thread>

#include <gmock/gmock.h>

#include "domain/services/desired_parts.hpp"
#include "unit/domain/services/sample_service.hpp"
#include "unit/support/cell_state.hpp"
#include "unit/support/fake_caddy.hpp"
#include "unit/support/fake_engine.hpp"
#include "unit/support/fake_hub.hpp"

namespace cell::services {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// Commits containers of the fake engine as its images.
class FakeWorkshop final : public engine::Workshop {
 public:
  explicit FakeWorkshop(test::FakeEngine& engine) : engine_(engine) {}
  Result<void> put_archive(const std::string&, const std::string&, std::string_view) override { return {}; }
  Result<std::string> commit_container(const engine::CommitSpec& spec) override {
    engine_.with(
        [&](auto& engine) { engine.images[spec.repository + ":" + spec.tag] = "sha256:" + spec.tag; });
    return "sha256:" + spec.tag;
  }
  Result<void> remove_image(const std::string& reference) override {
    engine_.with([&](auto& engine) { engine.images.erase(reference); });
    return {};
  }

 private:
  test::FakeEngine& engine_;
};

// A cell with a reconciler, on an engine in memory. The store offers "notes" in the versions of `offered_`.
class ServicesTest : public testing::Test {
 protected:
  ServicesTest() {
    engine_.images["pic/base:1"] = "sha256:base";
    build_ends_with(0);
    EXPECT_TRUE(state_.config->commit({}, [](Json& root) -> Result<void> {
      root["identity"] = test::sample_root()["identity"];
      return {};
    }));
    services_.open();
  }

  void build_ends_with(int code) {
    for (const char* name : {"cell-build-notes-web", "cell-copy-notes"})
      engine_.inspections[name] = {{"State", {{"Status", "exited"}, {"ExitCode", code}}}};
  }

  Frame frame() {
    Frame frame = sample_frame();
    frame.core.directory = state_.directory.path();
    return frame;
  }

  Result<Package> package(const std::string& version) {
    Package package{notes_manifest(version), state_.directory.path(), std::string(64, version[0]), source_,
                    source_ == "cell"};
    if (has_accounts_) package.manifest.accounts = plugin::AccountsWish{.hash = "ssha512"};
    return package;
  }

  Result<reconcile::Desired> desired() {
    reconcile::Desired desired;
    desired.instance = "cell";
    desired.networks.push_back({"core", {"cell-network", "172.20.0.0/16", "fd00:20::/64", {}}});
    for (const Active& service : services_.active(state_.config->snapshot()->root))
      add_to(desired, service, frame());
    return desired;
  }

  // As often as it takes for a failure to count as one.
  Result<reconcile::RunReport> converge() {
    reconciler_.run_now();
    reconciler_.run_now();
    return reconciler_.run_now();
  }

  Plugins plugins() {
    Plugins plugins;
    plugins.preview = [this](const Package& looked_at) -> Result<std::unique_ptr<plugin::Instance>> {
      return std::unique_ptr<plugin::Instance>(new Planned(plan_of(looked_at.manifest.version)));
    };
    plugins.load = [this](const Package& loaded, std::optional<bool>) -> Result<void> {
      loaded_ = loaded.manifest.version;
      return {};
    };
    plugins.unload = [this](const std::string&) { loaded_.clear(); };
    plugins.plan = [this](const std::string&, const Json&) -> Result<Json> { return plan_of(loaded_); };
    plugins.notify = [this](const std::string&, const Json& event) -> Result<void> {
      told_.push_back(json_string(event, "type"));
      return {};
    };
    return plugins;
  }

  class Planned final : public plugin::Instance {
   public:
    explicit Planned(Json document) : document_(std::move(document)) {}
    Result<Json> plan(const Json&) override { return document_; }
    Result<plugin::PluginResponse> handle(const plugin::PluginRequest&) override { return Error{}; }
    Result<void> notify(const Json&) override { return {}; }
    [[nodiscard]] std::string mode() const override { return "declarative"; }

   private:
    Json document_;
  };

  Json plan_of(const std::string& version) { return version == "1.0.0" ? notes_contributions() : newer_; }

  Catalogue catalogue() {
    return {.fetch =
                [this](const std::string&, const std::string& version, const std::function<void(double)>&) {
                  return package(version.empty() ? newest_ : version);
                },
            .installed = [this](const settings::ServiceEntry& entry) { return package(entry.version); },
            .newest = [this](const std::string&) { return newest_; },
            .tidy = [](const std::string&) {}};
  }

  // The state a job ended in.
  std::string finish(const Result<std::string>& job) {
    if (!job) return job.error().reason;
    while (true) {
      const std::string state = json_string(*jobs_->get(*job), "state");
      if (state != "queued" && state != "running") return state;
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
  }
  std::vector<std::string> containers() {
    std::vector<std::string> names;
    for (const auto& [name, held] : engine_.containers_by_name) names.push_back(name + " " + held.state);
    return names;
  }
  std::vector<std::string> volumes() {
    std::vector<std::string> names;
    for (const auto& [name, labels] : engine_.volumes_by_name) names.push_back(name);
    return names;
  }
  std::optional<settings::ServiceEntry> entry() {
    return settings::service_of(state_.config->snapshot()->root, "notes");
  }

  test::ConfigState state_;
  std::unique_ptr<config::SealedStore> sealed_ =
      *config::SealedStore::open(state_.directory.path() / "sealed.json", test::test_sealer());
  test::NoEvents events_;
  test::FakeEngine engine_;
  FakeWorkshop workshop_{engine_};
  test::FakeCaddy caddy_;
  test::FakeHub hub_;
  Json newer_ = notes_contributions();  // of all versions but 1.0.0
  std::string newest_ = "1.0.0";
  std::string source_ = "cell";
  std::string loaded_;
  bool has_accounts_ = false;
  std::vector<PersonName> people_;
  std::vector<std::string> told_;
  Secrets secrets_{*sealed_};
  std::unique_ptr<Accounts> accounts_ =
      *Accounts::open(*state_.database, state_.clock, [this] { return people_; });
  Images images_{{engine_, workshop_, [this] { return frame(); }, state_.logs->logger("services")}};
  std::unique_ptr<Journal> journal_ = *Journal::open(*state_.database);
  Runtime runtime_{
      {secrets_, *accounts_, plugins(), state_.directory.path(), state_.logs->logger("services")}};
  std::unique_ptr<jobs::Jobs> jobs_ =
      *jobs::Jobs::open(*state_.database, events_, state_.clock, state_.logs->logger("jobs"));
  reconcile::Reconciler reconciler_{{.engine = &engine_,
                                     .caddy = &caddy_,
                                     .hub = &hub_,
                                     .clock = &state_.clock,
                                     .log = state_.logs->logger("reconcile"),
                                     .desired = [this] { return desired(); }}};
  Services services_{{.config = *state_.config,
                      .engine = engine_,
                      .jobs = *jobs_,
                      .events = events_,
                      .clock = state_.clock,
                      .log = state_.logs->logger("services"),
                      .secrets = secrets_,
                      .accounts = *accounts_,
                      .runtime = runtime_,
                      .images = images_,
                      .journal = *journal_,
                      .catalogue = catalogue(),
                      .converge = {[this] { return converge(); }, [this] { return reconciler_.states(); },
                                   [](std::string_view) {}},
                      .machine = {},
                      .frame = [this] { return frame(); }}};
};

TEST_F(ServicesTest, AnInstalledServiceRunsAndIsPublished) {
  EXPECT_EQ(finish(services_.install("notes", {}, "ann")), "done");

  EXPECT_THAT(containers(), UnorderedElementsAre("cell-notes-web running", "cell-notes-worker running"));
  EXPECT_THAT(volumes(), ElementsAre("cell-notes-data"));
  ASSERT_TRUE(entry());
  EXPECT_THAT(entry()->hosts, ElementsAre("notes"));
  EXPECT_EQ(entry()->addresses.at("web").ipv4, "172.20.0.16");
  EXPECT_THAT(told_, ElementsAre("installed"));
  EXPECT_THAT(*journal_->list(), IsEmpty());
}

TEST_F(ServicesTest, OptionsOfAPluginAreThoseInForceWithDefaultsAndSecrets) {
  EXPECT_EQ(services_.options(notes_manifest()).error().code, Code::unavailable);
  Wish wish;
  wish.options = {{"token", "abc"}};
  ASSERT_EQ(finish(services_.install("notes", wish, "ann")), "done");
  EXPECT_EQ(*services_.options(notes_manifest()), (Json{{"greeting", "hello"}, {"token", "abc"}}));

  wish.options = {{"greeting", "good evening"}};
  ASSERT_EQ(finish(services_.configure("notes", wish, "ann")), "done");

  EXPECT_EQ(*services_.options(notes_manifest()), (Json{{"greeting", "good evening"}, {"token", "abc"}}));
}

TEST_F(ServicesTest, ASecretOptionStaysUntilItIsTakenAway) {
  Wish wish;
  wish.options = {{"token", "abc"}};
  ASSERT_EQ(finish(services_.install("notes", wish, "ann")), "done");

  wish.options = {{"greeting", "hi"}};
  ASSERT_EQ(finish(services_.configure("notes", wish, "ann")), "done");
  EXPECT_EQ(*secrets_.options("notes"), (Json{{"token", "abc"}}));

  wish.options = {{"token", nullptr}};
  ASSERT_EQ(finish(services_.configure("notes", wish, "ann")), "done");

  EXPECT_EQ(*secrets_.options("notes"), Json::object());
  EXPECT_EQ(*services_.options(notes_manifest()), (Json{{"greeting", "hi"}}));
}

TEST_F(ServicesTest, APluginHearsWhenAccountsChange) {
  has_accounts_ = true;
  people_ = {{"1", "Ada"}};
  ASSERT_TRUE(state_.config->commit({}, [](Json& root) -> Result<void> {
    root["people"]["1"] = {{"name", "Ada"},
                           {"role", "admin"},
                           {"created_at", "2026-01-01T00:00:00Z"},
                           {"password_changed_at", "2026-01-01T00:00:00Z"}};
    return {};
  }));
  ASSERT_EQ(finish(services_.install("notes", {}, "ann")), "done");
  told_.clear();

  const auto issued = services_.issue_password("notes", "1", "phone");
  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_THAT(told_, ElementsAre("accounts_changed"));
  ASSERT_TRUE(services_.set_quota("notes", "1", 100, {}));
  EXPECT_THAT(told_, ElementsAre("accounts_changed", "accounts_changed"));
  ASSERT_TRUE(services_.revoke_password("notes", issued->about.id));
  EXPECT_THAT(told_, SizeIs(3));
  services_.people_changed();
  EXPECT_THAT(told_, SizeIs(4));
  EXPECT_EQ(told_.back(), "accounts_changed");

  // What does not happen is not told.
  EXPECT_FALSE(services_.issue_password("notes", "2", "phone"));
  EXPECT_FALSE(services_.set_quota("notes", "2", 100, {}));
  EXPECT_FALSE(services_.revoke_password("notes", issued->about.id));
  EXPECT_THAT(told_, SizeIs(4));
}

TEST_F(ServicesTest, APluginWithoutAccountsHearsNothingOfPeople) {
  ASSERT_EQ(finish(services_.install("notes", {}, "ann")), "done");
  told_.clear();

  services_.people_changed();

  EXPECT_THAT(told_, IsEmpty());
}

TEST_F(ServicesTest, ImagesAreMadeAnewWhenTheBaseIsAnotherOne) {
  ASSERT_EQ(finish(services_.install("notes", {}, "ann")), "done");
  const std::string old_image = entry()->images.at("web");
  services_.renew_images();
  EXPECT_FALSE(services_.busy("notes"));

  engine_.images["pic/base:1"] = "sha256:newer-base";
  services_.renew_images();
  while (services_.busy("notes")) std::this_thread::sleep_for(std::chrono::milliseconds{5});

  const std::string new_image = entry()->images.at("web");
  EXPECT_NE(new_image, old_image);
  EXPECT_EQ(engine_.containers_by_name.at("cell-notes-web").spec.image, new_image);
  EXPECT_THAT(containers(), UnorderedElementsAre("cell-notes-web running", "cell-notes-worker running"));
  EXPECT_THAT(*journal_->list(), IsEmpty());
}

TEST_F(ServicesTest, AnImageThatCannotBeMadeAnewLeavesTheServiceAsItIs) {
  ASSERT_EQ(finish(services_.install("notes", {}, "ann")), "done");
  const std::string old_image = entry()->images.at("web");
  engine_.images["pic/base:1"] = "sha256:newer-base";
  build_ends_with(100);

  services_.renew_images();
  while (services_.busy("notes")) std::this_thread::sleep_for(std::chrono::milliseconds{5});

  EXPECT_EQ(entry()->images.at("web"), old_image);
  EXPECT_EQ(engine_.containers_by_name.at("cell-notes-web").spec.image, old_image);
  EXPECT_THAT(containers(), UnorderedElementsAre("cell-notes-web running", "cell-notes-worker running"));
  EXPECT_THAT(*journal_->list(), IsEmpty());
}

TEST_F(ServicesTest, ContainersThatRunAreMeasured) {
  ASSERT_EQ(finish(services_.install("notes", {}, "ann")), "done");
  engine_.with([](auto& engine) { engine.containers_by_name.at("cell-notes-worker").state = "exited"; });
  const auto service = services_.active(state_.config->snapshot()->root).at(0);
  const auto states = container_states(service, frame(), *engine_.containers({}));

  EXPECT_EQ(memory_of(states, engine_), (std::map<std::string, std::uint64_t>{{"cell-notes-web", 1'000}}));
}

TEST_F(ServicesTest, APlanChangesNothing) {
  const auto shown = services_.plan("notes", {});

  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->plan.action, "install");
  EXPECT_THAT(engine_.writes, IsEmpty());
  EXPECT_FALSE(entry());
  EXPECT_FALSE(secrets_.contains("notes"));
}

TEST_F(ServicesTest, AnImageThatCannotBeBuiltLeavesNothing) {
  build_ends_with(100);
  engine_.log_lines["cell-build-notes-web"] = {{"", "stderr", "E: Unable to locate package"}};

  const auto job = services_.install("notes", {}, "ann");

  EXPECT_EQ(finish(job), "failed");
  EXPECT_THAT(json_string((*jobs_->get(*job))["error"], "cause"), HasSubstr("E: Unable to locate package"));
  EXPECT_THAT(containers(), IsEmpty());
  EXPECT_FALSE(entry());
  EXPECT_THAT(*journal_->list(), IsEmpty());
}

TEST_F(ServicesTest, AContainerThatCannotStartTakesEverythingBack) {
  engine_.failures["start container cell-notes-web"] = {Code::unavailable, "no such device"};

  EXPECT_EQ(finish(services_.install("notes", {}, "ann")), "failed");

  EXPECT_THAT(containers(), IsEmpty());
  EXPECT_THAT(volumes(), IsEmpty());
  EXPECT_FALSE(entry());
  EXPECT_EQ(loaded_, "");
}

TEST_F(ServicesTest, AStoppedServiceStaysStopped) {
  finish(services_.install("notes", {}, "ann"));

  EXPECT_EQ(finish(services_.stop("notes", "ann")), "done");
  reconciler_.run_now();

  EXPECT_THAT(containers(), UnorderedElementsAre("cell-notes-web exited", "cell-notes-worker exited"));
  EXPECT_EQ(finish(services_.start("notes", "ann")), "done");
  EXPECT_THAT(containers(), UnorderedElementsAre("cell-notes-web running", "cell-notes-worker running"));
}

TEST_F(ServicesTest, ARemovedServiceLeavesWhatPeopleKeep) {
  finish(services_.install("notes", {}, "ann"));

  EXPECT_EQ(finish(services_.remove("notes", false, "ann")), "done");

  EXPECT_THAT(containers(), IsEmpty());
  EXPECT_THAT(volumes(), ElementsAre("cell-notes-data"));
  EXPECT_FALSE(entry());
}

TEST_F(ServicesTest, AServiceThatDevicesGoOutThroughIsNotRemoved) {
  finish(services_.install("notes", {}, "ann"));
  const auto set_exit = [&](const std::string& exit) {
    ASSERT_TRUE(state_.config->commit({}, [&](Json& root) -> Result<void> {
      root["peers"]["p1"] = {
          {"name", "phone"},
          {"dns_label", "phone"},
          {"tags", Json::array()},
          {"enabled", true},
          {"public_key", "k"},
          {"key_origin", "browser"},
          {"addresses", {"10.13.13.2"}},
          {"policy", {{"internet", true}, {"lan", false}, {"peers", false}, {"services", true}}},
          {"created_at", "2026-11-25T03:00:00Z"},
          {"updated_at", "2026-11-25T03:00:00Z"}};
      if (!exit.empty()) root["peers"]["p1"]["exit"] = exit;
      return {};
    }));
  };
  set_exit("notes/out");

  const auto refused = services_.remove("notes", false, "ann");

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_EQ(refused.error().reason, "exit_in_use");
  EXPECT_TRUE(entry());
  set_exit("");
  EXPECT_EQ(finish(services_.remove("notes", false, "ann")), "done");
}

TEST_F(ServicesTest, APurgedServiceLeavesNothing) {
  Wish wish;
  wish.options = {{"token", "abc"}};
  finish(services_.install("notes", wish, "ann"));
  EXPECT_EQ(*secrets_.options("notes"), (Json{{"token", "abc"}}));

  EXPECT_EQ(finish(services_.remove("notes", true, "ann")), "done");

  EXPECT_THAT(volumes(), IsEmpty());
  EXPECT_THAT(sealed_->names("services/"), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(files_folder(state_.directory.path(), "notes")));
}

TEST_F(ServicesTest, AnUpdateThatFailsGoesBackWithItsVolumes) {
  finish(services_.install("notes", {}, "ann"));
  newest_ = "2.0.0";
  newer_["containers"].push_back({{"name", "more"}, {"image", "web"}, {"user", "notes"}});
  engine_.failures["create container cell-notes-more"] = {Code::unavailable, "no room"};

  EXPECT_EQ(finish(services_.update("notes", {}, "ann")), "failed");

  EXPECT_EQ(entry()->version, "1.0.0");
  EXPECT_EQ(loaded_, "1.0.0");
  EXPECT_THAT(volumes(), ElementsAre("cell-notes-data"));
  EXPECT_THAT(containers(), Contains("cell-notes-web running"));
}

TEST_F(ServicesTest, AnUpdateReplacesTheVersion) {
  finish(services_.install("notes", {}, "ann"));
  newest_ = "2.0.0";

  const auto job = services_.update("notes", {}, "ann");

  EXPECT_EQ(finish(job), "done") << dump_json(*jobs_->get(*job));

  EXPECT_EQ(entry()->version, "2.0.0");
  EXPECT_EQ(loaded_, "2.0.0");
  EXPECT_THAT(volumes(), ElementsAre("cell-notes-data"));
}

TEST_F(ServicesTest, AnUpdateThatHoldsIsNotTakenBackForCopiesThatStay) {
  finish(services_.install("notes", {}, "ann"));
  newest_ = "2.0.0";
  engine_.failures["remove volume cell-notes-data--before"] = {Code::timeout, "the engine is busy"};

  EXPECT_EQ(finish(services_.update("notes", {}, "ann")), "done");
  services_.open();
  services_.recover();
  while (services_.busy("notes")) std::this_thread::sleep_for(std::chrono::milliseconds{5});
  EXPECT_EQ(entry()->version, "2.0.0");
  EXPECT_THAT(*journal_->list(), testing::SizeIs(1));

  engine_.failures.clear();
  EXPECT_EQ(finish(services_.restart("notes", "ann")), "done");

  EXPECT_EQ(entry()->version, "2.0.0");
  EXPECT_THAT(*journal_->list(), IsEmpty());
  EXPECT_THAT(volumes(), ElementsAre("cell-notes-data"));
}

TEST_F(ServicesTest, AVolumeIsNotEmptiedForACopyThatIsGone) {
  finish(services_.install("notes", {}, "ann"));
  Operation update{"notes", "update", *entry()};
  update.volumes_before = update.copied = {"cell-notes-data"};
  ASSERT_TRUE(journal_->put(update));

  EXPECT_EQ(finish(services_.restart("notes", "ann")), "done");

  EXPECT_THAT(volumes(), ElementsAre("cell-notes-data"));
  EXPECT_THAT(engine_.with([](auto& engine) { return engine.writes; }),
              testing::Not(Contains("create container cell-copy-notes")));
  EXPECT_THAT(*journal_->list(), IsEmpty());
}

TEST_F(ServicesTest, AVersionFromAnotherStoreIsNotAnUpdate) {
  finish(services_.install("notes", {}, "ann"));
  newest_ = "2.0.0";
  source_ = "elsewhere";

  EXPECT_EQ(services_.plan("notes", {"2.0.0"}).error().reason, "other_store");
  finish(services_.update("notes", {}, "ann"));

  EXPECT_EQ(entry()->version, "1.0.0");
  EXPECT_EQ(loaded_, "1.0.0");
}

TEST_F(ServicesTest, AnOlderVersionIsNoUpdate) {
  newest_ = "2.0.0";
  finish(services_.install("notes", {}, "ann"));
  Wish wish;
  wish.version = "1.0.0";

  EXPECT_EQ(services_.update("notes", wish, "ann").error().reason, "downgrade");
}

TEST_F(ServicesTest, AnInterruptedInstallationIsTakenBackAtTheNextStart) {
  finish(services_.install("notes", {}, "ann"));
  ASSERT_TRUE(journal_->put({"notes", "install"}));  // as if celld had been killed before its end

  services_.open();
  EXPECT_FALSE(entry());
  reconciler_.run_now();
  services_.recover();
  while (services_.busy("notes")) std::this_thread::sleep_for(std::chrono::milliseconds{5});

  EXPECT_THAT(containers(), IsEmpty());
  EXPECT_THAT(volumes(), IsEmpty());
  EXPECT_THAT(*journal_->list(), IsEmpty());
}

TEST_F(ServicesTest, OneActAtATime) {
  finish(services_.install("notes", {}, "ann"));
  const auto first = services_.stop("notes", "ann");
  const auto second = services_.start("notes", "ann");

  EXPECT_TRUE(first);
  if (!second) {
    EXPECT_EQ(second.error().reason, "service_busy");
  }
  finish(first);
  finish(second);
}

}  // namespace
}  // namespace cell::services
