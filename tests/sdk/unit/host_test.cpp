// The typed host methods against FakeHost, that is through the C ABI.
#include <cell/host.hpp>
#include <cell/testing.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

class HostTest : public ::testing::Test {
 protected:
  testing::FakeHost fake_;
  Host host_{&fake_.abi()};
};

TEST_F(HostTest, StateIsKeptChangedListedAndRemoved) {
  EXPECT_EQ(host_.state("a/count").value(), std::nullopt);

  ASSERT_TRUE(host_.put_state("a/count", 1));
  ASSERT_TRUE(host_.put_state("a/count", {{"n", 2}}));
  ASSERT_TRUE(host_.put_state("b", nullptr));

  EXPECT_EQ(host_.state("a/count").value(), Json({{"n", 2}}));
  EXPECT_EQ(host_.state("b").value(), Json());
  EXPECT_EQ(host_.state_keys().value(), (std::vector<std::string>{"a/count", "b"}));
  EXPECT_EQ(host_.state_keys("a/").value(), (std::vector<std::string>{"a/count"}));
  ASSERT_TRUE(host_.remove_state("b"));
  ASSERT_TRUE(host_.remove_state("b"));
  EXPECT_EQ(host_.state("b").value(), std::nullopt);
}

TEST_F(HostTest, StateRefusesKeysAndValuesBeyondItsLimits) {
  for (const std::string& key :
       {std::string(), std::string("a b"), std::string("\u00e4"), std::string(129, 'a')})
    EXPECT_EQ(host_.put_state(key, 1).error().code, Code::invalid_argument) << key;
  // A value counts as JSON text, with its quotes: 1 MiB is taken, a byte more is not.
  EXPECT_EQ(host_.put_state("a", std::string(1'048'575, 'x')).error().code, Code::too_large);
  EXPECT_TRUE(fake_.state().empty());
  EXPECT_TRUE(host_.put_state("a", std::string(1'048'574, 'x')));
}

TEST_F(HostTest, StateRefusesMoreThanItsLimitInAll) {
  const std::string mebibyte(1'048'574, 'x');
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(host_.put_state(std::to_string(i), mebibyte));

  EXPECT_EQ(host_.put_state("more", 1).error().code, Code::too_large);
  EXPECT_TRUE(host_.put_state("15", mebibyte));
}

TEST_F(HostTest, SecretsIdentityAndPlanRequestsNeedNoPermission) {
  fake_.secrets["key"] = "k";

  EXPECT_EQ(host_.secret("key").value(), "k");
  EXPECT_EQ(host_.secret("other").error().code, Code::not_found);
  EXPECT_EQ(host_.cell().value().domain, "home.cell");
  ASSERT_TRUE(host_.request_plan());
  EXPECT_EQ(fake_.plan_requests(), 1);
}

TEST_F(HostTest, OptionsAreThoseInForceWithTheirSecrets) {
  fake_.options = {{"greeting", "hello"}, {"count", 3}, {"token", "geheim"}};

  const auto options = host_.options();

  ASSERT_TRUE(options);
  EXPECT_EQ(options->text("greeting"), "hello");
  EXPECT_EQ(options->integer("count"), 3);
  EXPECT_EQ(options->text("token"), "geheim");
  EXPECT_TRUE(options->problems().empty());
  fake_.options = {{"count", "three"}};
  const auto changed = host_.options();
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->integer("count", 0), 0);
  ASSERT_EQ(changed->problems().size(), 1U);
  EXPECT_EQ(changed->problems()[0].pointer, "/count");
  EXPECT_TRUE(options->problems().empty());
}

TEST_F(HostTest, EverythingElseIsForbiddenWithoutItsPermission) {
  EXPECT_EQ(host_.people().error().code, Code::forbidden);
  EXPECT_EQ(host_.peers().error().code, Code::forbidden);
  EXPECT_EQ(host_.exec({}).error().code, Code::forbidden);
  EXPECT_EQ(host_.fetch({}).error().code, Code::forbidden);
  EXPECT_EQ(host_.emit("x", Json::object()).error().code, Code::forbidden);
  EXPECT_EQ(host_.emit("x", Json::object()).error().hint, "add it to the manifest's permissions");
}

TEST_F(HostTest, PeopleAndPeersAreLists) {
  fake_.allow("people");
  fake_.allow("peers");
  fake_.people = {{.id = "p1", .name = "Ada", .role = "admin"}};
  fake_.peers = {{.id = "d1", .name = "phone", .person_id = "p1", .address = "10.0.0.2", .is_online = true}};

  EXPECT_EQ(host_.people().value().at(0).name, "Ada");
  EXPECT_EQ(host_.peers().value().at(0).address, "10.0.0.2");
  EXPECT_TRUE(host_.peers().value().at(0).is_online);
}

TEST_F(HostTest, ExecHandsOverEverythingAndAnswers) {
  fake_.allow("exec");
  fake_.on_exec = [](const ExecRequest& request) -> Result<ExecResult> {
    return ExecResult{3, request.container + ' ' + request.command.at(1) + ' ' + request.input,
                      std::to_string(request.limit.count())};
  };

  const auto result = host_.exec(
      {.container = "db", .command = {"echo", "hi"}, .input = "in", .limit = std::chrono::seconds(5)});

  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->output, "db hi in");
  EXPECT_EQ(result->error_output, "5000");
}

TEST_F(HostTest, FetchHandsOverEverythingAndAnswers) {
  fake_.allow("http");
  EXPECT_EQ(host_.fetch({.url = "https://x"}).error().code, Code::unavailable);
  fake_.on_fetch = [](const FetchRequest& request) -> Result<FetchResult> {
    return FetchResult{
        200, {{"x", request.headers.at("A")}}, request.method + ' ' + request.url + ' ' + request.body};
  };

  const auto result =
      host_.fetch({.method = "PUT", .url = "https://x/y", .headers = {{"A", "b"}}, .body = "z"});

  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->headers.at("x"), "b");
  EXPECT_EQ(result->body, "PUT https://x/y z");
}

TEST_F(HostTest, EventsGoOut) {
  fake_.allow("events");

  ASSERT_TRUE(host_.emit("changed", {{"n", 1}}));

  EXPECT_EQ(fake_.events().at(0), Json::parse(R"({"type": "changed", "data": {"n": 1}})"));
}

TEST_F(HostTest, AMethodThatTheHostDoesNotKnowIsUnsupported) {
  EXPECT_EQ(host_.call("state.fly/1", Json::object()).error().code, Code::unsupported);
  EXPECT_EQ(host_.call("moon.land/9", Json::object()).error().code, Code::unsupported);
}

TEST(HostWithoutACell, AnswersNothing) {
  EXPECT_EQ(Host().state("a").error().code, Code::unsupported);
  Log().info("goes nowhere");
}

}  // namespace
}  // namespace cell::sdk
