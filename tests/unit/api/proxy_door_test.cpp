#include <gmock/gmock.h>

#include "api/proxy_door_routes.hpp"
#include "domain/settings/services.hpp"
#include "unit/support/cell_state.hpp"

namespace cell::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A cell "home.cell" with a service at files.home.cell, and Ann, who is logged in.
struct ProxyDoorTest : testing::Test {
  test::CellState cell;
  identity::Person ann = cell.add_person("Ann", true);
  identity::Login login =
      cell.identity->log_in("Ann", cell.password_of("Ann"), {"192.0.2.1", "Test"}).value();
  identity::Doors doors{*cell.identity, cell.clock};
  std::vector<Route> routes =
      proxy_door_routes({doors, *cell.config, [](const identity::Person&) { return std::string("ann"); }});

  ProxyDoorTest() {
    const auto committed = cell.config->commit({"test", "a service"}, [](Json& root) -> Result<void> {
      root["identity"]["domain"]["name"] = "home.cell";
      settings::ServiceEntry files;
      files.id = "files";
      files.version = "1.0.0";
      files.package = std::string(64, 'a');
      files.source = "cell";
      files.label = "files";
      files.installed_at = "2026-01-01T00:00:00Z";
      files.hosts = {"files"};
      settings::put_service(root, files);
      return {};
    });
    if (!committed) ADD_FAILURE() << committed.error().message;
  }

  Result<http::Response> enter(const std::string& host, const std::string& to = "/") {
    http::Request request;
    request.method = "GET";
    request.secure = true;
    request.query = {{"host", host}, {"to", to}, {"nonce", std::string(64, 'b')}};
    request.headers.emplace("Cookie", "__Host-cell_session=" + std::string(login.token.reveal()));
    return routes[1].handle({request, nullptr, nullptr, std::nullopt});
  }
  // A page's script asks for something at files.home.cell without a key.
  http::Response ask(const std::string& origin) {
    http::Request request;
    request.method = "GET";
    request.headers.emplace("Host", "files.home.cell");
    request.headers.emplace("Origin", origin);
    request.headers.emplace("Accept", "application/json");
    return routes[0].handle({request, nullptr, nullptr, std::nullopt}).value();
  }
  static std::string location(const Result<http::Response>& response) {
    return response->headers.find("Location")->second;
  }
};

TEST_F(ProxyDoorTest, WhoIsLoggedInIsTakenToTheServiceWithATicket) {
  EXPECT_THAT(location(enter("files.home.cell")),
              StartsWith("https://files.home.cell/api/auth/proxy/accept?ticket="));
  EXPECT_THAT(location(enter("files.home.cell:8443")),
              StartsWith("https://files.home.cell:8443/api/auth/proxy/accept?ticket="));
}

TEST_F(ProxyDoorTest, PagesOfTheCellFollowTheWayInButNoOthers) {
  EXPECT_EQ(enter("files.home.cell")->headers.find("Cross-Origin-Resource-Policy")->second, "same-site");
}

TEST_F(ProxyDoorTest, NoTicketLeavesForAnotherHost) {
  for (const char* host :
       {"evil.example", "files.home.cell.evil.example", "files.home.cell:@evil.example",
        "files.home.cell:443@evil.example", "files.home.cell:", "files.home.cell:8443.evil.example",
        "files.home.cell:/x", "files.home.cell:123456", "other.home.cell", "home.cell", ""}) {
    const auto response = enter(host);
    ASSERT_FALSE(response) << host;
    EXPECT_EQ(response.error().code, Code::invalid_argument) << host;
  }
}

TEST_F(ProxyDoorTest, TheCellsOwnPageCanReadThatItIsNotLetIn) {
  const http::Response own = ask("https://home.cell:8443");
  const http::Response other = ask("https://evil.example");

  EXPECT_EQ(own.status, 401);
  EXPECT_EQ(own.headers.find("Access-Control-Allow-Origin")->second, "https://home.cell:8443");
  EXPECT_EQ(own.headers.find("Access-Control-Allow-Credentials")->second, "true");
  EXPECT_EQ(other.status, 401);
  EXPECT_EQ(other.headers.count("Access-Control-Allow-Origin"), 0U);
}

TEST_F(ProxyDoorTest, ThePathStaysOnTheHost) {
  for (const char* to : {"//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", ""})
    EXPECT_FALSE(enter("files.home.cell", to)) << to;
}

}  // namespace
}  // namespace cell::api
