#include "plugin/registry.hpp"

#include <gmock/gmock.h>

#include "unit/plugin/hosting.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::plugin {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using namespace std::chrono_literals;

// Answers what it is told to.
struct FakePlugin final : Instance {
  struct Script {
    Result<PluginResponse> handle = PluginResponse{};
    Result<Json> plan = Json::object();
    bool is_closed = false;
  };
  explicit FakePlugin(std::shared_ptr<Script> script) : script_(std::move(script)) {}
  ~FakePlugin() override { script_->is_closed = true; }
  Result<Json> plan(const Json&) override { return script_->plan; }
  Result<PluginResponse> handle(const PluginRequest&) override { return script_->handle; }
  Result<void> notify(const Json&) override { return {}; }
  [[nodiscard]] std::string mode() const override { return "isolated"; }
  [[nodiscard]] std::int64_t memory_bytes() const override { return 1234; }

 private:
  std::shared_ptr<Script> script_;
};

Error crash() {
  Error error{Code::unavailable, "the plugin crashed: it was ended by signal 11"};
  error.reason = "plugin_crashed";
  return error;
}

class Registries : public testing::Test {
 protected:
  void SetUp() override { quarantine_ = *Quarantine::open(place_.path() / "quarantine", clock_); }

  Registry make(const OpenOptions& defaults = {}) {
    return Registry({quarantine_.get(), logs_.get(), &clock_, CELL_PLUGIN_HOST, {}, defaults});
  }
  UnpackedPackage package(const std::string& library, const std::string& version = "1.0.0") {
    UnpackedPackage package{CELL_BAD_PLUGINS, parsed(native_manifest()), "", ""};
    package.manifest.library = library + ".so";
    package.manifest.version = version;
    return package;
  }
  static PluginRequest request() { return request_of("/"); }

  test::TemporaryDirectory place_;
  ManualClock clock_;
  std::unique_ptr<log::Logs> logs_ = log::Logs::null();
  std::unique_ptr<Quarantine> quarantine_;
};

TEST_F(Registries, PluginThatIsNotLoadedIsNotFound) {
  auto registry = make();

  EXPECT_EQ(registry.handle("probe", request()).error().code, Code::not_found);
}

TEST_F(Registries, LoadedOneServesAndIsListed) {
  auto registry = make();
  ASSERT_TRUE(registry.load(package("keeps_contract"), true));

  EXPECT_TRUE(registry.handle("probe", request()));
  const auto all = registry.list();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "probe");
  EXPECT_EQ(all[0].version, "1.0.0");
  EXPECT_EQ(all[0].mode, "isolated");
  EXPECT_EQ(all[0].abi, "1.0");
  EXPECT_EQ(to_string(all[0].state), "ok");
  EXPECT_GT(all[0].memory_bytes, 0);
}

TEST_F(Registries, UpdateClosesTheOldVersionAndServesTheNew) {
  auto registry = make();
  const auto script = std::make_shared<FakePlugin::Script>();
  Manifest manifest = parsed(native_manifest());
  ASSERT_TRUE(registry.put(manifest, std::make_unique<FakePlugin>(script)));

  ASSERT_TRUE(registry.load(package("keeps_contract", "1.1.0"), false));

  EXPECT_TRUE(script->is_closed);
  EXPECT_EQ(registry.status("probe")->version, "1.1.0");
  EXPECT_EQ(registry.status("probe")->mode, "in_process");
}

TEST_F(Registries, UpdateThatCannotBeOpenedLeavesTheOldVersion) {
  auto registry = make();
  ASSERT_TRUE(registry.load(package("keeps_contract"), true));

  const auto updated = registry.load(package("null_plan", "1.1.0"), true);

  ASSERT_FALSE(updated);
  EXPECT_THAT(updated.error().message, HasSubstr("has no 'plan'"));
  EXPECT_EQ(registry.status("probe")->version, "1.0.0");
  EXPECT_TRUE(registry.handle("probe", request()));
}

TEST_F(Registries, OneThatNeverOpenedIsListedAsStoppedWithTheReason) {
  auto registry = make();

  ASSERT_FALSE(registry.load(package("null_plan"), true));

  const auto status = registry.status("probe");
  ASSERT_TRUE(status);
  EXPECT_EQ(to_string(status->state), "stopped");
  EXPECT_THAT(status->last_failure->message, HasSubstr("has no 'plan'"));
  EXPECT_EQ(registry.handle("probe", request()).error().reason, "plugin_stopped");
}

TEST_F(Registries, FifthFailureWithinAMinuteTakesItOutOfRouting) {
  auto registry = make();
  const auto script = std::make_shared<FakePlugin::Script>();
  ASSERT_TRUE(registry.put(parsed(native_manifest()), std::make_unique<FakePlugin>(script)));
  script->handle = crash();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(registry.handle("probe", request()).error().reason, "plugin_crashed") << i;
    clock_.advance(1s);
  }
  script->handle = PluginResponse{};

  const auto refused = registry.handle("probe", request());

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "plugin_failing");
  EXPECT_EQ(to_string(registry.status("probe")->state), "failing");
  EXPECT_EQ(registry.status("probe")->failures, 5U);
  EXPECT_EQ(registry.status("probe")->last_failure->call, "handle");
  clock_.advance(60s);
  EXPECT_TRUE(registry.handle("probe", request()));
  EXPECT_EQ(to_string(registry.status("probe")->state), "ok");
}

TEST_F(Registries, FailuresFarApartDoNotTakeItOut) {
  auto registry = make();
  const auto script = std::make_shared<FakePlugin::Script>();
  ASSERT_TRUE(registry.put(parsed(native_manifest()), std::make_unique<FakePlugin>(script)));
  script->handle = crash();

  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(registry.handle("probe", request()).error().reason, "plugin_crashed") << i;
    clock_.advance(16s);
  }
}

TEST_F(Registries, ErrorsThatThePluginMeansAreNoFailures) {
  auto registry = make();
  const auto script = std::make_shared<FakePlugin::Script>();
  ASSERT_TRUE(registry.put(parsed(native_manifest()), std::make_unique<FakePlugin>(script)));
  script->handle = Error{Code::not_found, "there is no such list"};

  for (int i = 0; i < 10; ++i) EXPECT_EQ(registry.handle("probe", request()).error().code, Code::not_found);

  EXPECT_EQ(registry.status("probe")->failures, 0U);
}

TEST_F(Registries, HangInThisProcessPutsItInQuarantineUntilReleased) {
  auto registry = make({.plan_limit = 100ms});
  ASSERT_TRUE(registry.load(package("hangs_in_plan"), false));

  EXPECT_EQ(registry.plan("probe", Json::object()).error().reason, "plugin_timeout");

  EXPECT_EQ(to_string(registry.status("probe")->state), "quarantined");
  EXPECT_EQ(registry.status("probe")->quarantined_since, "2027-01-15T08:00:00Z");
  EXPECT_EQ(registry.handle("probe", request()).error().reason, "plugin_quarantined");
  EXPECT_EQ(registry.load(package("hangs_in_plan"), false).error().reason, "plugin_quarantined");
  ASSERT_TRUE(registry.release("probe"));
  EXPECT_TRUE(registry.load(package("hangs_in_plan"), true));
  EXPECT_TRUE(registry.handle("probe", request()));
}

TEST_F(Registries, PluginThatTookTheProcessDownIsInQuarantineAtTheNextStart) {
  const auto plan_in_process = [this](const char* library) {
    auto registry = make();
    (void)registry.load(package(library), false);
    (void)registry.plan("probe", Json::object());
  };
  for (const char* library : {"crashes_in_open", "crashes_in_plan", "throws_in_constructor"}) {
    EXPECT_DEATH(plan_in_process(library), "");

    quarantine_ = *Quarantine::open(place_.path() / "quarantine", clock_);
    auto registry = make();
    EXPECT_EQ(registry.load(package(library), false).error().reason, "plugin_quarantined") << library;
    EXPECT_THAT(registry.status("probe")->last_failure->message,
                HasSubstr("the cell ended while the plugin's"))
        << library;
    EXPECT_TRUE(registry.release("probe"));
  }
}

TEST_F(Registries, NewVersionOfOneInQuarantineMayProveItself) {
  auto registry = make();
  ASSERT_TRUE(quarantine_->put("probe", "1.0.0", "plan", "it took the cell down"));
  ASSERT_FALSE(registry.load(package("keeps_contract"), false));
  EXPECT_EQ(to_string(registry.status("probe")->state), "quarantined");

  EXPECT_TRUE(registry.load(package("keeps_contract", "1.0.1"), false));

  EXPECT_FALSE(quarantine_->find("probe"));
  EXPECT_EQ(to_string(registry.status("probe")->state), "ok");
}

TEST_F(Registries, HangInAChildIsNoQuarantine) {
  auto registry = make({.plan_limit = 100ms});
  ASSERT_TRUE(registry.load(package("hangs_in_plan"), true));

  EXPECT_EQ(registry.plan("probe", Json::object()).error().reason, "plugin_timeout");

  EXPECT_FALSE(quarantine_->find("probe"));
  EXPECT_EQ(registry.status("probe")->last_failure->call, "plan");
}

TEST_F(Registries, NoMarkStaysBehindAPlanOfThisProcess) {
  auto registry = make();
  ASSERT_TRUE(registry.load(package("keeps_contract"), false));
  ASSERT_TRUE(registry.plan("probe", Json::object()));

  EXPECT_TRUE(std::filesystem::is_empty(place_.path() / "quarantine"));
}

TEST_F(Registries, UnloadedOneIsGone) {
  auto registry = make();
  const auto script = std::make_shared<FakePlugin::Script>();
  ASSERT_TRUE(registry.put(parsed(native_manifest()), std::make_unique<FakePlugin>(script)));

  registry.unload("probe");

  EXPECT_TRUE(script->is_closed);
  EXPECT_TRUE(registry.list().empty());
}

TEST_F(Registries, DeclarativeOneIsLoadedWithoutALibrary) {
  auto registry = make();
  UnpackedPackage notes{place_.path(), parsed(notes_manifest()), "", ""};

  ASSERT_TRUE(registry.load(notes, false));

  EXPECT_EQ(dump_json(*registry.plan("org.example.notes", Json::object())), "{}");
  EXPECT_EQ(registry.list()[0].mode, "declarative");
  EXPECT_EQ(registry.list()[0].abi, "");
}

}  // namespace
}  // namespace cell::plugin
