#include <future>

#include <gmock/gmock.h>

#include "unit/plugin/hosting.hpp"

namespace cell::plugin {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

struct Fault {
  std::promise<std::pair<std::string, std::string>> told;
  OpenOptions watch(OpenOptions options) {
    options.on_fault = [this](const std::string& call, const std::string& message) {
      told.set_value({call, message});
    };
    return options;
  }
};

TEST(InProcess, OpenThatHangsIsGivenUp) {
  const auto plugin = open_in("in_process", options_for("hangs_in_open"));

  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.error().reason, "plugin_timeout");
  EXPECT_THAT(plugin.error().message, HasSubstr("the plugin's open did not end"));
}

TEST(InProcess, HandleThatHangsIsToldAndThePluginNotCalledAgain) {
  // The caller's thread is lost: it stays in the plugin until the process ends.
  auto* fault = new Fault;
  OpenOptions options = fault->watch(options_for("hangs_in_handle"));
  options.handle_limit = 200ms;
  auto opened = open_in("in_process", options);
  ASSERT_TRUE(opened) << opened.error().message;
  Instance* plugin = opened->release();
  std::thread([plugin] { (void)plugin->handle(request_of("/")); }).detach();

  const auto [call, message] = fault->told.get_future().get();

  EXPECT_EQ(call, "handle");
  EXPECT_EQ(message, "the plugin's handle did not end within 200 ms");
  const auto again = plugin->handle(request_of("/"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, "plugin_timeout");
  EXPECT_FALSE(plugin->plan(Json::object()));
  delete plugin;  // does not wait for the thread that hangs
}

TEST(InProcess, RequestsBeyondTwoWaitForTheirTurnAndAreThenRefused) {
  OpenOptions options = options_for("asks_host");
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  options.host = [released](const std::string&, const Json&) -> Result<Json> {
    released.wait();
    return Json::object();
  };
  const auto plugin = open_in("in_process", options);
  ASSERT_TRUE(plugin);
  const auto ask = [&] { return (*plugin)->handle(request_of("/", "identity.get/1 {}")); };
  auto first = std::async(std::launch::async, ask);
  auto second = std::async(std::launch::async, ask);
  std::this_thread::sleep_for(50ms);

  const auto third = ask();
  release.set_value();

  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, Code::rate_limited);
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_TRUE(ask());
}

TEST(InProcess, CloseThatHangsIsGivenUp) {
  auto plugin = open_in("in_process", options_for("hangs_in_close"));
  ASSERT_TRUE(plugin);

  plugin->reset();

  EXPECT_TRUE(open_in("in_process", options_for("keeps_contract")));
}

TEST(InProcess, LibraryForAnotherProcessorIsRefusedBeforeItIsLoaded) {
  OpenOptions options = options_for("keeps_contract");
  options.library = CELL_PLUGIN_HOST;
  options.library.replace_filename("CMakeCache.txt");
  const auto text = open_in("in_process", options);
  ASSERT_FALSE(text);
}

}  // namespace
}  // namespace cell::plugin
