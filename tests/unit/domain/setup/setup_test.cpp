#include "domain/setup/setup.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/support/config_state.hpp"

namespace cell::setup {
namespace {

Answers good_answers() {
  Answers answers;
  answers.cell_name = "home";
  answers.timezone = "Europe/Berlin";
  answers.endpoint = "home.example.org";
  answers.admin_name = "Ann";
  answers.admin_password = Secret("correct horse");
  return answers;
}

struct SetupTest : testing::Test {
  test::ConfigState cell;
  test::NoEvents events;
  std::unique_ptr<jobs::Jobs> jobs =
      jobs::Jobs::open(*cell.database, events, cell.clock, cell.logs->logger("jobs")).value();
  std::atomic<int> prepared{0};
  std::atomic<int> discarded{0};
  std::atomic<int> brought_up{0};
  std::vector<std::string> devices;
  std::string remembered;
  std::vector<Probe> probes;
  std::unique_ptr<SetupService> setup = open();

  // Accepts every password but "bad"; makes ids "admin-1", "admin-2", …
  Admins admins() {
    Admins made;
    made.check = [](const std::string&, const Secret& password, const std::string&,
                    const std::string& pointer) -> Result<void> {
      if (password.reveal() == "bad") return field_error(pointer + "/password", "bad password");
      return {};
    };
    made.prepare = [this](const std::string& name, const Secret&) -> Result<Admins::Prepared> {
      const std::string time = format_time(cell.clock.now());
      return Admins::Prepared{
          "admin-" + std::to_string(++prepared),
          {{"name", name}, {"role", "admin"}, {"created_at", time}, {"password_changed_at", time}}};
    };
    made.discard = [this](const std::string&) { ++discarded; };
    made.generate_password = [] { return Secret("generated"); };
    made.remember_generated = [this](const std::string&, const Secret& password) -> Result<void> {
      remembered = password.reveal();
      return {};
    };
    return made;
  }
  std::unique_ptr<SetupService> open() {
    return SetupService::open(
               {*cell.config,
                *jobs,
                cell.clock,
                cell.logs->logger("setup"),
                cell.directory.path() / "run",
                probes,
                admins(),
                {"containers"},
                [this](jobs::Progress& progress) -> Result<void> {
                  progress.phase("containers");
                  ++brought_up;
                  return {};
                },
                [this](const std::string& name, const std::string& owner) -> Result<std::string> {
                  devices.push_back(name + " of " + owner);
                  return std::string("peer-1");
                }})
        .value();
  }
  std::filesystem::path code_file() const { return cell.directory.path() / "run/setup-code"; }
  Json document() const { return cell.config->snapshot()->root; }
};

TEST_F(SetupTest, ProposesTheZoneThatTzNamesIfItIsOne) {
  ASSERT_EQ(setenv("TZ", "Europe/Vienna", 1), 0);
  EXPECT_EQ(setup->state(true)["defaults"]["timezone"], "Europe/Vienna");

  ASSERT_EQ(setenv("TZ", "Mars/Olympus", 1), 0);
  EXPECT_EQ(setup->state(true)["defaults"]["timezone"], "UTC");
  unsetenv("TZ");
}

TEST_F(SetupTest, KeepsItsCodeInAFileForItsOwnerOnly) {
  struct stat info {};
  ASSERT_EQ(stat(code_file().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const std::string code = setup->code().value();
  EXPECT_TRUE(setup->check_code(code, "192.0.2.1"));
  EXPECT_EQ(setup->check_code("AAAA-AAAA-AAAA-AAAA", "192.0.2.1").error().reason, "setup_code_invalid");

  setup = open();
  EXPECT_EQ(setup->code().value(), code);
}

TEST_F(SetupTest, DamagedCodeFileIsReplaced) {
  std::ofstream(code_file()) << "torn";
  setup = open();
  EXPECT_EQ(setup->code()->size(), 19U);
}

TEST_F(SetupTest, CompletesInOneRevision) {
  const auto before = cell.config->snapshot()->revision;
  Answers answers = good_answers();
  answers.first_device = "phone";
  const auto completed = setup->complete_with(answers);

  ASSERT_TRUE(completed) << completed.error().message;
  EXPECT_EQ(cell.config->snapshot()->revision, before + 1);
  const settings::Identity identity = settings::identity_of(document());
  EXPECT_EQ(identity.cell_name, "home");
  EXPECT_EQ(identity.domain_name, "home.cell");
  EXPECT_EQ(identity.endpoint_host, "home.example.org");
  EXPECT_TRUE(identity.setup_complete);
  EXPECT_EQ(document()["people"]["admin-1"]["name"], "Ann");
  EXPECT_EQ(devices, std::vector<std::string>{"phone of admin-1"});
  EXPECT_EQ(completed->peer_id, "peer-1");
  EXPECT_FALSE(completed->job_id.empty());
  EXPECT_FALSE(std::filesystem::exists(code_file()));
  // Stopping drops a job that has not begun, so its end is waited for, at most 20 s; joining then makes
  // `brought_up` ours to read.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!jobs->get(completed->job_id)->contains("ended_at") && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  jobs.reset();
  EXPECT_EQ(brought_up, 1);
}

TEST_F(SetupTest, RefusalChangesNothingAndPointsToEachField) {
  const Json before = document();
  Answers answers = good_answers();
  answers.cell_name = "Not A Name";
  answers.timezone = "Mars/Olympus";
  answers.endpoint = "a b";
  answers.admin_password = Secret("bad");
  answers.first_device = "a\nb";
  const auto result = setup->complete_with(answers);

  ASSERT_FALSE(result);
  std::set<std::string> pointers;
  for (const FieldError& field : result.error().fields) pointers.insert(field.pointer);
  EXPECT_EQ(pointers, (std::set<std::string>{"/cell_name", "/timezone", "/endpoint", "/admin/password",
                                             "/first_device/name"}));
  EXPECT_EQ(document(), before);
  EXPECT_EQ(prepared, 0);
  EXPECT_TRUE(std::filesystem::exists(code_file()));
}

TEST_F(SetupTest, OfFiftyAtOnceExactlyOneWins) {
  std::atomic<int> won = 0;
  std::atomic<int> conflicts = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 50; ++i) {
      threads.emplace_back([&, i] {
        Answers answers = good_answers();
        answers.admin_name = "Admin " + std::to_string(i);
        const auto result = setup->complete_with(answers);
        if (result)
          ++won;
        else if (result.error().code == Code::conflict)
          ++conflicts;
      });
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(conflicts, 49);
  EXPECT_EQ(document()["people"].size(), 1U);
}

TEST_F(SetupTest, SecondServiceOnTheSameCellCannotWinToo) {
  const auto other = open();
  ASSERT_TRUE(setup->complete_with(good_answers()));

  EXPECT_EQ(other->complete_with(good_answers()).error().code, Code::conflict);
  EXPECT_EQ(other->check_code("anything", "192.0.2.1").error().code, Code::conflict);
}

TEST_F(SetupTest, WithoutAPasswordOneIsGeneratedAndKept) {
  Answers answers = good_answers();
  answers.admin_password.reset();
  const auto completed = setup->complete_with(answers);

  ASSERT_TRUE(completed);
  EXPECT_EQ(completed->generated_password->reveal(), "generated");
  EXPECT_EQ(remembered, "generated");
}

TEST_F(SetupTest, PreflightIsOkWithoutProblems) {
  probes = {{"disk", "Disk",
             [] {
               return Finding{State::ok, "plenty"};
             }},
            {"wireguard", "WireGuard", [] {
               return Finding{State::warning, "slow", "no module", "nothing"};
             }}};
  setup = open();
  EXPECT_EQ(setup->preflight(), Json::parse(R"({"ok": true, "checks": [
      {"id": "disk", "title": "Disk", "state": "ok", "detail": "plenty"},
      {"id": "wireguard", "title": "WireGuard", "state": "warning", "detail": "slow", "cause": "no module", "fix": "nothing"}]})"));

  probes.push_back({"ports", "Ports", [] { return Finding{State::problem, "in use"}; }});
  setup = open();
  EXPECT_EQ(setup->preflight()["ok"], false);
}

TEST(AnswersFile, ReadsYaml) {
  const auto answers = parse_answers(
      "cell_name: home\ntimezone: Europe/Berlin\ndomain: {mode: local}\nendpoint: home.example.org\n"
      "admin:\n  name: Ann\n  password: \"12345678 and more\"\nfirst_device: {name: phone}\n");

  ASSERT_TRUE(answers) << answers.error().message;
  EXPECT_EQ(answers->cell_name, "home");
  EXPECT_EQ(answers->admin_password->reveal(), "12345678 and more");
  EXPECT_EQ(answers->first_device, "phone");
}

TEST(AnswersFile, PasswordMayBeLeftOut) {
  const auto answers = parse_answers("cell_name: home\nadmin: {name: Ann}\n");
  ASSERT_TRUE(answers) << answers.error().message;
  EXPECT_FALSE(answers->admin_password);
  EXPECT_EQ(answers->timezone, "UTC");
}

TEST(AnswersFile, RefusesUnknownAndMissingMembers) {
  EXPECT_FALSE(parse_answers("cell_name: home\n"));
  EXPECT_FALSE(parse_answers("cell_name: home\nadmin: {name: Ann}\ncolour: red\n"));
  EXPECT_FALSE(parse_answers("cell_name: [home]\nadmin: {name: Ann}\n"));
  EXPECT_FALSE(parse_answers(": : :"));
}

}  // namespace
}  // namespace cell::setup
