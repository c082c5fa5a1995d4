#include "unit/plugin/hosting.hpp"

#include <gmock/gmock.h>

#include "plugin/contributions.hpp"
#include "unit/plugin/fake_services.hpp"

namespace cell::plugin {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

const Json kConfig{{"service", {{"id", "probe"}}}};

// What holds in both ways to host.
class Hosting : public testing::TestWithParam<const char*> {
 protected:
  static Result<std::unique_ptr<Instance>> open(const std::string& name, const HostCall& host = {}) {
    OpenOptions options = options_for(name);
    options.host = host;
    return open_in(GetParam(), options);
  }
  static std::unique_ptr<Instance> opened(const std::string& name, const HostCall& host = {}) {
    auto instance = open(name, host);
    EXPECT_TRUE(instance) << instance.error().message;
    return instance ? std::move(*instance) : nullptr;
  }
};

TEST_P(Hosting, PluginThatKeepsTheContractServes) {
  const auto plugin = opened("keeps_contract");

  const auto plan = plugin->plan(kConfig);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(dump_json(*plan), R"({"ui":{"open":"/"}})");
  const auto response = plugin->handle(request_of("/", std::string("a\0b", 3)));
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->headers.at("Content-Type"), "text/plain");
  EXPECT_EQ(response->body, std::string("a\0b", 3));
  EXPECT_TRUE(plugin->notify({{"type", "installed"}}));
  EXPECT_EQ(plugin->mode(), GetParam());
}

TEST_P(Hosting, LargeBodiesPassBothWays) {
  const auto plugin = opened("keeps_contract");
  const std::string body(15UL << 20U, 'x');

  const auto response = plugin->handle(request_of("/", body));

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body.size(), body.size());
}

TEST_P(Hosting, ManyThreadsAreServedAtOnce) {
  const auto plugin = opened("keeps_contract");
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      for (int j = 0; j < 100; ++j) {
        const std::string body = std::to_string(i) + "/" + std::to_string(j);
        const auto response = plugin->handle(request_of("/", body));
        if (!response || response->body != body) ++wrong;
      }
    });
  }
  callers.clear();

  EXPECT_EQ(wrong, 0);
}

struct Unopened {
  const char* plugin;
  Code code;
  const char* reason;
  const char* part_of_message;
};

void PrintTo(const Unopened& row, std::ostream* out) { *out << row.plugin; }

class CannotBeOpened : public testing::TestWithParam<std::tuple<const char*, Unopened>> {};

TEST_P(CannotBeOpened, AndTheErrorNamesTheFault) {
  const auto& [mode, row] = GetParam();

  const auto plugin = open_in(mode, options_for(row.plugin));

  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.error().code, row.code);
  EXPECT_EQ(plugin.error().reason, row.reason);
  EXPECT_THAT(plugin.error().message, HasSubstr(row.part_of_message));
  EXPECT_TRUE(open_in(mode, options_for("keeps_contract")));
}

INSTANTIATE_TEST_SUITE_P(
    Plugins, CannotBeOpened,
    testing::Combine(
        testing::Values("in_process", "isolated"),
        testing::Values(Unopened{"no_symbol", Code::unavailable, "plugin_broke_contract",
                                 "no function 'cell_plugin_open'"},
                        Unopened{"wrong_abi", Code::unavailable, "plugin_broke_contract",
                                 "built for version 2 of the plugin border"},
                        Unopened{"short_struct", Code::unavailable, "plugin_broke_contract",
                                 "a struct that is too short"},
                        Unopened{"null_plan", Code::unavailable, "plugin_broke_contract", "has no 'plan'"},
                        Unopened{"null_close", Code::unavailable, "plugin_broke_contract", "has no 'close'"},
                        Unopened{"fails_in_open", Code::unavailable, "", "the moon is in the wrong house"},
                        Unopened{"throws_in_open", Code::unavailable, "plugin_broke_contract",
                                 "open threw an exception through the border"},
                        Unopened{"not_there", Code::not_found, "", "not_there.so"})),
    [](const auto& test) {
      return std::string(std::get<0>(test.param)) + "_" + std::get<1>(test.param).plugin;
    });

struct Broken {
  const char* plugin;
  const char* plan;    // part of the message; null: it works
  const char* handle;  // the same
  const char* notify;
};

void PrintTo(const Broken& row, std::ostream* out) { *out << row.plugin; }

class BreaksContract : public testing::TestWithParam<std::tuple<const char*, Broken>> {};

template <class T>
void expect(const Result<T>& result, const char* part_of_message) {
  if (part_of_message == nullptr) {
    EXPECT_TRUE(result) << result.error().message;
    return;
  }
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::unavailable);
  EXPECT_EQ(result.error().reason, "plugin_broke_contract");
  EXPECT_THAT(result.error().message, HasSubstr(part_of_message));
}

TEST_P(BreaksContract, IsNamedAndTheCoreServesOn) {
  const auto& [mode, row] = GetParam();
  const auto plugin = open_in(mode, options_for(row.plugin));
  ASSERT_TRUE(plugin) << plugin.error().message;

  for (int round = 0; round < 2; ++round) {
    expect((*plugin)->plan(kConfig), row.plan);
    expect((*plugin)->handle(request_of("/")), row.handle);
    expect((*plugin)->notify({{"type", "installed"}}), row.notify);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Plugins, BreaksContract,
    testing::Combine(testing::Values("in_process", "isolated"),
                     testing::Values(Broken{"throws", "plan threw an exception", "handle threw an exception",
                                            "notify threw an exception"},
                                     Broken{"long_answer", "plan answered more than is allowed",
                                            "handle answered more than is allowed",
                                            "notify answered more than is allowed"},
                                     Broken{"bad_utf8", "plan gave a document that is not valid JSON",
                                            "response that is not valid JSON", nullptr},
                                     Broken{"bad_json", "plan gave a document that is not valid JSON",
                                            "without a status from 200 to 599",
                                            "notify failed without an error document"},
                                     Broken{"bad_header", nullptr, "the bad header 'A'", nullptr},
                                     Broken{"unknown_status", "plan answered with the unknown status 42",
                                            nullptr, nullptr},
                                     Broken{"writes_to_stdout", nullptr, nullptr, nullptr})),
    [](const auto& test) {
      return std::string(std::get<0>(test.param)) + "_" + std::get<1>(test.param).plugin;
    });

TEST_P(Hosting, PluginWithoutRoutesSaysSo) {
  const auto response = opened("no_handle")->handle(request_of("/"));

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::not_found);
}

TEST_P(Hosting, MoreThanTheManifestIsFoundInThePlan) {
  const auto plan = opened("more_than_manifest")->plan(kConfig);
  ASSERT_TRUE(plan);

  const auto contributions = parse_contributions(*plan, parsed(native_manifest()));

  ASSERT_FALSE(contributions);
  EXPECT_EQ(contributions.error().reason, "permission");
}

TEST_P(Hosting, HostIsAskedAndItsErrorsPassOn) {
  const auto plugin = opened("asks_host", [](const std::string& method, const Json& request) -> Result<Json> {
    if (method == "state.get/1") return Json{{"value", request["key"]}};
    return Error{Code::forbidden, "'" + method + "' needs more"};
  });

  const auto answered = plugin->handle(request_of("/", R"(state.get/1 {"key": "a"})"));
  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_EQ(answered->body, R"({"value":"a"})");
  const auto refused = plugin->handle(request_of("/", "people.list/1 {}"));
  ASSERT_TRUE(refused) << refused.error().message;
  EXPECT_EQ(refused->status, 400);
  EXPECT_EQ(refused->body, R"({"code":"forbidden","message":"'people.list/1' needs more"})");
}

TEST_P(Hosting, PluginReadsTheOptionsInForce) {
  FakeServices services;
  const auto plugin = opened("asks_host", make_host_call(parsed(native_manifest()), services));

  const auto answered = plugin->handle(request_of("/", "options.get/1 {}"));

  ASSERT_TRUE(answered) << answered.error().message;
  EXPECT_EQ(answered->status, 200);
  EXPECT_EQ(answered->body, R"({"options":{"plain":1,"token":"of probe"}})");
}

TEST_P(Hosting, HostIsNotAskedWhatIsNoJson) {
  bool asked = false;
  const auto plugin = opened("asks_host", [&](const std::string&, const Json&) -> Result<Json> {
    asked = true;
    return Json::object();
  });

  const auto answered = plugin->handle(request_of("/", "state.get/1 {"));

  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->status, 400);
  EXPECT_FALSE(asked);
}

TEST_P(Hosting, PlanMayNotAskTheHost) {
  const auto plan = opened("asks_host", [](const std::string&, const Json&) -> Result<Json> {
                      return Json{{"name", "Home"}};
                    })->plan(kConfig);

  // The plugin passes on what it was told instead of the plan.
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, Code::unsupported);
  EXPECT_THAT(plan.error().message, HasSubstr("asks the host for nothing"));
}

TEST_P(Hosting, ThreadThatIsLeftBehindHarmsNobody) {
  {
    const auto plugin = opened(
        "leaves_thread", [](const std::string&, const Json&) -> Result<Json> { return Json::object(); });
    std::this_thread::sleep_for(20ms);
  }
  std::this_thread::sleep_for(50ms);

  EXPECT_TRUE(opened("keeps_contract")->plan(kConfig));
}

TEST_P(Hosting, PlanThatHangsEndsByItsLimit) {
  OpenOptions options = options_for("hangs_in_plan");
  options.plan_limit = 200ms;
  const auto plugin = open_in(GetParam(), options);
  ASSERT_TRUE(plugin) << plugin.error().message;
  const auto began = std::chrono::steady_clock::now();

  const auto plan = (*plugin)->plan(kConfig);

  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().reason, "plugin_timeout");
  EXPECT_EQ(plan.error().message, "the plugin's plan did not end within 200 ms");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

INSTANTIATE_TEST_SUITE_P(BothWays, Hosting, testing::Values("in_process", "isolated"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace cell::plugin
