#include <csignal>
#include <fstream>
#include <future>

#include <gmock/gmock.h>
#include <unistd.h>

#include "unit/plugin/hosting.hpp"

namespace cell::plugin {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

std::unique_ptr<Instance> opened(const OpenOptions& options) {
  auto plugin = open_in("isolated", options);
  EXPECT_TRUE(plugin) << plugin.error().message;
  return std::move(*plugin);
}

// The process that this one has started and not waited for.
pid_t only_child() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream status(entry.path() / "status");
    std::string word;
    pid_t parent = 0;
    while (status >> word) {
      if (word != "PPid:" || !(status >> parent)) continue;
      if (parent == ::getpid()) return std::stoi(entry.path().filename());
      break;
    }
  }
  return -1;
}

// How long until a request is answered again.
std::chrono::milliseconds until_served(Instance& plugin) {
  const auto began = std::chrono::steady_clock::now();
  while (!plugin.handle(request_of("/")) && std::chrono::steady_clock::now() - began < 10s)
    std::this_thread::sleep_for(5ms);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
}

TEST(Isolated, CrashInHandleIsToldAndServedAgainWithinASecond) {
  const auto plugin = opened(options_for("crashes_in_handle"));

  const auto response = plugin->handle(request_of("/crash"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::unavailable);
  EXPECT_EQ(response.error().reason, "plugin_crashed");
  EXPECT_EQ(response.error().message, "the plugin crashed: it was ended by signal 11 (Segmentation fault)");
  EXPECT_LT(until_served(*plugin), 1s);
}

TEST(Isolated, SecondCrashIsFollowedByALongerPause) {
  const auto plugin = opened(options_for("crashes_in_handle"));
  (void)plugin->handle(request_of("/crash"));
  until_served(*plugin);

  (void)plugin->handle(request_of("/crash"));

  const auto pause = until_served(*plugin);
  EXPECT_GT(pause, 500ms);
  EXPECT_LT(pause, 5s);
}

TEST(Isolated, CrashInPlanIsTold) {
  const auto plugin = opened(options_for("crashes_in_plan"));

  const auto plan = plugin->plan(Json::object());

  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().reason, "plugin_crashed");
}

TEST(Isolated, CrashInOpenIsTold) {
  const auto plugin = open_in("isolated", options_for("crashes_in_open"));

  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.error().reason, "plugin_crashed");
  EXPECT_THAT(plugin.error().message, HasSubstr("while it was opened: it was ended by signal 11"));
}

// In celld's own process it would end celld; the mark that is left behind puts it in quarantine.
TEST(Isolated, ConstructorThatThrowsIsTold) {
  const auto plugin = open_in("isolated", options_for("throws_in_constructor"));

  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.error().message,
            "the plugin crashed while it was opened: it was ended by signal 6 (Aborted)");
}

TEST(Isolated, OpenThatHangsIsGivenUp) {
  const auto plugin = open_in("isolated", options_for("hangs_in_open"));

  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.error().reason, "plugin_timeout");
}

TEST(Isolated, OpenThatDripsAnEndlessFrameIsGivenUp) {
  const auto plugin = open_in("isolated", options_for("drips_in_open"));

  ASSERT_FALSE(plugin);
  EXPECT_THAT(plugin.error().message, HasSubstr("the plugin's open did not end within 5000 ms"));
}

TEST(Isolated, OneThatIsBeingStartedAgainCanBeClosed) {
  auto plugin = opened(options_for("opens_slowly"));
  ASSERT_FALSE(plugin->handle(request_of("/", "")));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // the next child is being opened

  plugin.reset();  // would never end if the child were forgotten
}

TEST(Isolated, ExitInHandleIsToldAndServedAgain) {
  const auto plugin = opened(options_for("exits_in_handle"));

  const auto response = plugin->handle(request_of("/"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message, "the plugin crashed: it ended itself with exit code 3");
  std::this_thread::sleep_for(500ms);
  EXPECT_TRUE(plugin->plan(Json::object()));
}

TEST(Isolated, HandleThatHangsIsEndedAndThePluginServesOn) {
  OpenOptions options = options_for("hangs_in_handle");
  options.handle_limit = 200ms;
  const auto plugin = opened(options);

  const auto response = plugin->handle(request_of("/"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().reason, "plugin_timeout");
  EXPECT_EQ(response.error().message, "the plugin's handle did not end within 200 ms");
  std::this_thread::sleep_for(500ms);
  EXPECT_TRUE(plugin->plan(Json::object()));
}

TEST(Isolated, HangInOneCallIsACrashForTheOthers) {
  OpenOptions options = options_for("hangs_in_handle");
  options.handle_limit = 300ms;
  const auto plugin = opened(options);
  auto first = std::async(std::launch::async, [&] { return plugin->handle(request_of("/")); });
  std::this_thread::sleep_for(150ms);

  const auto second = plugin->handle(request_of("/"));

  EXPECT_EQ(first.get().error().reason, "plugin_timeout");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "plugin_crashed");
}

TEST(Isolated, CloseThatHangsIsEnded) {
  auto plugin = opened(options_for("hangs_in_close"));
  const auto began = std::chrono::steady_clock::now();

  plugin.reset();

  EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
}

TEST(Isolated, MemoryIsLimited) {
  OpenOptions options = options_for("eats_memory");
  options.memory_mb = 256;
  const auto plugin = opened(options);

  const auto response = plugin->handle(request_of("/"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().reason, "plugin_crashed");
  std::this_thread::sleep_for(500ms);
  EXPECT_TRUE(plugin->plan(Json::object()));
}

TEST(Isolated, CrashWhileNobodyCallsIsTold) {
  OpenOptions options = options_for("keeps_contract");
  std::promise<std::string> told;
  options.on_fault = [&](const std::string& call, const std::string& message) {
    told.set_value(call + ": " + message);
  };
  const auto plugin = opened(options);
  ASSERT_EQ(::kill(only_child(), SIGKILL), 0);

  EXPECT_EQ(told.get_future().get(), "run: the plugin crashed: it was ended by signal 9 (Killed)");
}

TEST(Isolated, ProgramThatIsNotThereIsTold) {
  OpenOptions options = options_for("keeps_contract");
  options.host_program = "/nowhere/cell-plugin-host";

  const auto plugin = open_in("isolated", options);

  ASSERT_FALSE(plugin);
  EXPECT_THAT(plugin.error().message, HasSubstr("cannot run '/nowhere/cell-plugin-host'"));
}

struct Attempt {
  const char* what;
  const char* verdict;
};

class Escape : public testing::TestWithParam<Attempt> {};

TEST_P(Escape, IsRefused) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need what the sandbox takes away";
#endif
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a plugin another user";
  const auto plugin = opened(options_for("tries_to_escape"));

  const auto response = plugin->handle(request_of("/", GetParam().what));

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, GetParam().verdict);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, Escape,
    testing::Values(Attempt{"socket", "Operation not permitted"},
                    Attempt{"unix_socket", "Operation not permitted"},
                    Attempt{"fork", "Operation not permitted"}, Attempt{"exec", "Operation not permitted"},
                    Attempt{"kill_parent", "Operation not permitted"},
                    Attempt{"ptrace", "Operation not permitted"}, Attempt{"mount", "Operation not permitted"},
                    Attempt{"write_file", "Operation not permitted"},
                    Attempt{"read_shadow", "Permission denied"}, Attempt{"read_parent", "Permission denied"},
                    Attempt{"signals_by_socket", "Operation not permitted"},
                    Attempt{"signal_of_socket", "Operation not permitted"}, Attempt{"threads", "256"},
                    Attempt{"user", "65534"}, Attempt{"environment", "none"}, Attempt{"files", "0 1 2 3 "}),
    [](const auto& test) { return test.param.what; });

}  // namespace
}  // namespace cell::plugin
