#include "caddy/admin.hpp"

#include <gtest/gtest.h>

#include "unit/engine/fake_engine_socket.hpp"

namespace cell::caddy {
namespace {

TEST(CaddyAdmin, LoadPostsTheDocumentAndWaitsUntilTheEndpointAnswersAgain) {
  std::atomic<int> probes{0};
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server([&](const std::string& request, int connection) {
    if (request.starts_with("POST /load ")) {
      self->write(connection, FakeEngineSocket::reply(200, ""));
    } else if (++probes > 2) {
      self->write(connection, FakeEngineSocket::reply(200, "null\n"));
    }
  });
  self = &server;

  const auto outcome = connect(server.path())->load({{"admin", {{"listen", "x"}}}});

  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(probes, 3);
  const std::string first = server.requests().front();
  EXPECT_NE(first.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_EQ(first.substr(first.find("\r\n\r\n") + 4), R"({"admin":{"listen":"x"}})");
}

TEST(CaddyAdmin, RefusalHoldsCaddysReason) {
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server([&](const std::string&, int connection) {
    self->write(connection, FakeEngineSocket::reply(
                                400, R"({"error":"loading new config: unknown module: http.handlers.x"})"));
  });
  self = &server;

  const auto outcome = connect(server.path())->load(Json::object());

  EXPECT_EQ(outcome.error().code, Code::invalid_argument);
  EXPECT_EQ(outcome.error().message,
            "Caddy refused the document: loading new config: unknown module: http.handlers.x");
}

TEST(CaddyAdmin, CurrentIsNullBeforeAnyLoadAndInternalForGarbage) {
  std::string body = "null\n";
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server([&](const std::string&, int connection) {
    self->write(connection, FakeEngineSocket::reply(200, body));
  });
  self = &server;
  const auto admin = connect(server.path());

  EXPECT_TRUE(admin->current().value().is_null());
  body = "{";
  EXPECT_EQ(admin->current().error().code, Code::internal);
}

TEST(CaddyAdmin, MissingSocketIsUnavailable) {
  const auto outcome = connect("/nowhere/caddy-admin.sock")->current();

  EXPECT_EQ(outcome.error().code, Code::unavailable);
  EXPECT_EQ(outcome.error().hint, "check that the proxy's container runs");
}

}  // namespace
}  // namespace cell::caddy
