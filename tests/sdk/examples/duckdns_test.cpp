#include <cell/testing.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

class DuckDnsExample : public ::testing::Test {
 protected:
  DuckDnsExample() {
    host_.allow("http");
    host_.secrets = {{"subdomain", "myhome"}, {"token", "a&b token"}};
    host_.on_fetch = [this](const FetchRequest& request) -> Result<FetchResult> {
      urls_.push_back(request.url);
      return FetchResult{.status = 200, .body = answer_};
    };
  }
  std::string status() { return open()->handle({.method = "GET", .path = "/status"}).value().body; }
  std::unique_ptr<testing::OpenPlugin> open() { return host_.open().value(); }

  testing::FakeHost host_;
  std::string answer_ = "OK";
  std::vector<std::string> urls_;
};

TEST_F(DuckDnsExample, UpdatesWhenItsScheduleIsDue) {
  EXPECT_EQ(status(), R"({"answer":"waiting","problem":""})");

  ASSERT_TRUE(open()->notify({{"type", "schedule"}, {"name", "update"}}));

  EXPECT_EQ(urls_,
            std::vector<std::string>{"https://www.duckdns.org/update?domains=myhome&token=a%26b%20token"});
  EXPECT_EQ(status(), R"({"answer":"ok","problem":""})");
}

TEST_F(DuckDnsExample, TellsThatTheProviderRefused) {
  answer_ = "KO";

  EXPECT_EQ(open()->notify({{"type", "started"}}).error().code, Code::unavailable);
  EXPECT_EQ(status(), R"({"answer":"failed","problem":"DuckDNS refused the update"})");
}

TEST_F(DuckDnsExample, UpdatesOnDemandAndNotOnEveryEvent) {
  ASSERT_TRUE(open()->notify({{"type", "stopped"}}));
  EXPECT_TRUE(urls_.empty());

  EXPECT_EQ(open()->handle({.method = "POST", .path = "/update"})->status, 200);
  EXPECT_EQ(urls_.size(), 1U);
}

TEST_F(DuckDnsExample, SchedulesByItsOption) {
  const auto plan = open()->plan(testing::config({{"minutes", 10}}));

  ASSERT_TRUE(plan);
  EXPECT_EQ((*plan)["schedules"], Json::parse(R"([{"name": "update", "every_s": 600}])"));
}

}  // namespace
}  // namespace cell::sdk
