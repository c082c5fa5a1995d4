// The layer seen through the C ABI: a plugin that can misbehave in every entry.
#include <stdexcept>

#include <cell/plugin.hpp>
#include <cell/testing.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

class Moody final : public Plugin {
 public:
  explicit Moody(const Host& host) : Plugin(host) {
    if (host.secret("refuse_to_start")) throw std::runtime_error("no");
  }

  Result<Contributions> plan(const Config& config) const override {
    const std::string mood = config.options().line("mood", "good");
    if (mood == "throws") throw std::runtime_error("bad mood");
    if (mood == "throws a number") throw 7;
    if (mood == "fails")
      return Error{
          .code = Code::conflict, .message = "no", .hint = "ask later", .fields = {{"/options/mood", "bad"}}};
    if (mood == "asks") (void)host().cell();
    Contributions contributions;
    contributions.containers.push_back(
        {.name = "server", .image = "server", .environment = {{"MOOD", mood}}});
    return contributions;
  }

  Result<Response> handle(const Request& request) override {
    if (request.path == "/throw") throw std::runtime_error("bad request");
    if (request.path == "/fail") return Error{.code = Code::not_found, .message = "'x' does not exist"};
    log().info("asked", {{"path", request.path}});
    return Response{.status = 201, .headers = {{"X-Body", request.body}}, .body = std::string("a\0b", 3)};
  }

  Result<void> notify(const Event& event) override {
    if (event.type == "schedule" && event.name == "throw") throw std::runtime_error("bad event");
    if (event.type == "stopped") return Error{.code = Code::unavailable, .message = "not now"};
    return host().put_state("last", event.document);
  }
};

class Quiet final : public Plugin {
 public:
  using Plugin::Plugin;
  Result<Contributions> plan(const Config&) const override { return Contributions{}; }
};

cell_status open_moody(const cell_host* host, cell_plugin* plugin, const cell_sink* error) {
  return detail::open(host, plugin, error, &detail::kind_of<Moody>);
}
cell_status open_quiet(const cell_host* host, cell_plugin* plugin, const cell_sink* error) {
  return detail::open(host, plugin, error, &detail::kind_of<Quiet>);
}

class PluginTest : public ::testing::Test {
 protected:
  std::unique_ptr<testing::OpenPlugin> open() { return host_.open(&open_moody).value(); }
  Result<Json> plan_in(const std::string& mood) { return open()->plan(testing::config({{"mood", mood}})); }
  testing::FakeHost host_;
};

TEST_F(PluginTest, PlanGivesContributions) {
  EXPECT_EQ(*plan_in("fine"), Json::parse(R"({"containers":
    [{"name": "server", "image": "server", "environment": {"MOOD": "fine"}}]})"));
}

TEST_F(PluginTest, ErrorsCrossAsDocuments) {
  const auto failed = plan_in("fails");

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::conflict);
  EXPECT_EQ(failed.error().message, "no");
  EXPECT_EQ(failed.error().hint, "ask later");
  EXPECT_EQ(failed.error().fields, (std::vector<FieldError>{{"/options/mood", "bad"}}));
}

TEST_F(PluginTest, WhatIsThrownBecomesAnErrorDocument) {
  EXPECT_EQ(plan_in("throws").error().message, "the plugin threw an exception: bad mood");
  EXPECT_EQ(plan_in("throws a number").error().message,
            "the plugin threw something that is not an exception");
  EXPECT_EQ(open()->handle({.method = "GET", .path = "/throw"}).error().code, Code::internal);
  EXPECT_EQ(open()->notify({{"type", "schedule"}, {"name", "throw"}}).error().code, Code::internal);
}

TEST_F(PluginTest, AConstructorThatThrowsRefusesToOpen) {
  host_.secrets["refuse_to_start"] = "yes";

  EXPECT_EQ(host_.open(&open_moody).error().message, "the plugin threw an exception: no");
}

TEST_F(PluginTest, OptionsOfTheWrongKindFailWithTheirPlace) {
  const auto failed = open()->plan(testing::config({{"mood", "a\nb"}}));

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::invalid_argument);
  EXPECT_EQ(failed.error().fields.at(0).pointer, "/options/mood");
}

TEST_F(PluginTest, BytesThatAreNoDocumentFailAtEveryEntry) {
  const auto plugin = open();
  for (const std::string& bytes :
       {std::string(), std::string("{"), std::string("\xFF\xFE"), std::string("[]"), std::string("null"),
        std::string(1 << 20, '['), std::string(3, '\0')}) {
    EXPECT_FALSE(plugin->plan_bytes(bytes));
    EXPECT_FALSE(plugin->handle_bytes(bytes, ""));
    EXPECT_FALSE(plugin->notify_bytes(bytes));
  }
}

TEST_F(PluginTest, HandleAnswersHeadAndBodyOfAnyBytes) {
  const auto response = open()->handle({.method = "POST", .path = "/x", .body = "text"});

  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->headers.at("X-Body"), "text");
  EXPECT_EQ(response->body, std::string("a\0b", 3));
  ASSERT_EQ(host_.log().size(), 1U);
  EXPECT_EQ(host_.log()[0].message, "asked");
  EXPECT_EQ(host_.log()[0].fields, Json({{"path", "/x"}}));
}

TEST_F(PluginTest, NotifyReachesThePluginAndItsErrorComesBack) {
  const auto plugin = open();

  EXPECT_TRUE(plugin->notify({{"type", "installed"}}));
  EXPECT_EQ(host_.state().at("last"), Json({{"type", "installed"}}));
  EXPECT_EQ(plugin->notify({{"type", "stopped"}}).error().code, Code::unavailable);
}

TEST_F(PluginTest, ASinkThatIsFullEndsTheCall) {
  const auto plugin = open();
  const cell_sink full{
      sizeof(cell_sink), 0, nullptr,
      [](void*, const std::uint8_t*, std::uint64_t) -> cell_status { return CELL_BAD_SINK; }};
  const std::string config = dump_json(testing::config());
  const cell_bytes bytes{reinterpret_cast<const std::uint8_t*>(config.data()), config.size()};

  EXPECT_EQ(plugin->abi().plan(plugin->abi().instance, bytes, &full), CELL_BAD_SINK);
  EXPECT_EQ(plugin->abi().plan(plugin->abi().instance, {nullptr, 0}, &full), CELL_BAD_SINK);
}

TEST_F(PluginTest, WhatIsNotOverriddenIsNotOffered) {
  const auto quiet = host_.open(&open_quiet).value();

  EXPECT_EQ(quiet->abi().handle, nullptr);
  EXPECT_EQ(quiet->abi().notify, nullptr);
  EXPECT_NE(open()->abi().handle, nullptr);
}

TEST_F(PluginTest, SaysItsAbiAndHowMuchOfTheStructItFilled) {
  const auto plugin = open();

  EXPECT_EQ(plugin->abi().abi_major, 1);
  EXPECT_EQ(plugin->abi().abi_minor, 0);
  EXPECT_EQ(plugin->abi().size, sizeof(cell_plugin));
}

TEST(Open, RefusesAHostThatLacksMembers) {
  cell_host host{};
  host.size = 8;
  cell_plugin plugin{};
  plugin.size = sizeof plugin;

  EXPECT_NE(open_quiet(&host, &plugin, nullptr), CELL_OK);
  EXPECT_NE(open_quiet(nullptr, nullptr, nullptr), CELL_OK);
}

TEST(Open, FillsNoMoreThanANewerOrOlderHostKnows) {
  testing::FakeHost host;
  struct {
    cell_plugin plugin;
    char beyond[32];
  } newer{};
  newer.plugin.size = sizeof newer;

  ASSERT_EQ(open_quiet(&host.abi(), &newer.plugin, nullptr), CELL_OK);

  EXPECT_EQ(newer.plugin.size, sizeof(cell_plugin));
  for (const char byte : newer.beyond) EXPECT_EQ(byte, 0);
  newer.plugin.close(newer.plugin.instance);
}

}  // namespace
}  // namespace cell::sdk
