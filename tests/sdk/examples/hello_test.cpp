#include <cell/testing.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

TEST(HelloExample, GreetsAndCounts) {
  testing::FakeHost host;
  const auto plugin = host.open().value();
  const Request request{.method = "GET", .path = "/greeting", .principal = Principal{"p1", "Ada", "peer"}};

  ASSERT_TRUE(plugin->handle(request));
  EXPECT_EQ(plugin->handle(request)->body, R"({"count":2,"greeting":"Hello, Ada"})");
  EXPECT_EQ(host.state().at("count"), 2);
}

TEST(HelloExample, CountsFromTheBeginningAfterAReset) {
  testing::FakeHost host;
  const auto plugin = host.open().value();
  const Request request{.method = "GET", .path = "/greeting"};

  ASSERT_TRUE(plugin->handle(request));
  EXPECT_EQ(plugin->handle({.method = "DELETE", .path = "/greeting"})->status, 204);
  EXPECT_EQ(plugin->handle(request)->body, R"({"count":1,"greeting":"Hello, you"})");
}

TEST(HelloExample, PlanTellsItsRoutesAndPanel) {
  testing::FakeHost host;

  EXPECT_EQ(*host.open().value()->plan(testing::config({{"word", "Hi"}})), Json::parse(R"({
    "api": [{"method": "GET", "path": "/greeting", "access": "person", "summary": "Greets and counts"},
            {"method": "DELETE", "path": "/greeting", "access": "admin", "summary": "Starts counting again"}],
    "ui": {"panels": [{"kind": "stat", "title": {"en": "Hi"}, "path": "/greeting",
                       "items": [{"title": {"en": "Greeting"}, "field": "greeting"},
                                 {"title": {"en": "Count"}, "field": "count", "kind": "number"}]}]}
  })"));
}

}  // namespace
}  // namespace cell::sdk
