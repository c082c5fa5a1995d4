#include <gtest/gtest.h>

#include "unit/api/fixture.hpp"

// Who may call what, for every route of the table.
namespace cell::api::test {
namespace {

struct MatrixTest : testing::Test {
  ApiState cell;
  identity::Person ann = cell.add_person("Ann", true);
  identity::Person bob = cell.add_person("Bob");
  void SetUp() override { cell.complete_setup(); }

  int status(const Route& route, const Ticket& who) {
    return cell.send(route.method, sample_path(route), who).status;
  }
  template <class F>
  void for_each(F f) {
    int seen = 0;
    for (const Route& route : cell.api.routes()) {
      SCOPED_TRACE(route.method + " " + route.path);
      if (!needs_login(route)) continue;
      f(route);
      ++seen;
    }
    EXPECT_GT(seen, 15);
  }
};

bool is_let_in(int status) { return status != 401 && status != 403; }

TEST_F(MatrixTest, StrangersGet401) {
  for_each([&](const Route& route) { EXPECT_EQ(status(route, {}), 401); });
}

TEST_F(MatrixTest, MadeUpSessionsAndTokensGet401) {
  for_each([&](const Route& route) {
    EXPECT_EQ(status(route, {std::string(43, 'A'), "x", {}}), 401);
    EXPECT_EQ(status(route, {"short", "x", {}}), 401);
    EXPECT_EQ(status(route, {{}, {}, "cell_" + std::string(43, 'A')}), 401);
  });
}

TEST_F(MatrixTest, AdministratorsAreLetInEverywhere) {
  for_each([&](const Route& route) { EXPECT_TRUE(is_let_in(status(route, cell.ticket("Ann")))); });
}

TEST_F(MatrixTest, PeersAreLetInOnlyWhereASessionIsEnough) {
  for_each([&](const Route& route) {
    const int got = status(route, cell.ticket("Bob"));
    if (route.access != Access::session) {
      EXPECT_EQ(got, 403);
    } else {
      EXPECT_TRUE(is_let_in(got)) << got;
    }
  });
}

TEST_F(MatrixTest, ExpiredSessionsGet401) {
  const Ticket old = cell.ticket("Ann");
  cell.clock.advance(std::chrono::minutes(31));
  for_each([&](const Route& route) { EXPECT_EQ(status(route, old), 401); });
}

TEST_F(MatrixTest, ReadOnlyTokensOnlyRead) {
  const Ticket token = cell.token_ticket(ann, {"*"}, true);
  for_each([&](const Route& route) {
    if (is_unsafe(route.method)) {
      EXPECT_EQ(status(route, token), 403);
    }
  });
  EXPECT_EQ(cell.send("GET", "/api/people", token).status, 200);
}

TEST_F(MatrixTest, TokensReachOnlyTheirScopes) {
  const Ticket reader = cell.token_ticket(ann, {"things:read"});
  const Ticket writer = cell.token_ticket(ann, {"things:write"});
  for_each([&](const Route& route) {
    if (route.tag != "things") {
      EXPECT_EQ(status(route, reader), 403);
      EXPECT_EQ(status(route, writer), 403);
      return;
    }
    EXPECT_EQ(is_let_in(status(route, reader)), !is_unsafe(route.method));
    EXPECT_TRUE(is_let_in(status(route, writer)));
  });
}

TEST_F(MatrixTest, TokenOfAPeerDoesNotBecomeAnAdministrator) {
  const Ticket token = cell.token_ticket(bob, {"*"});
  for_each([&](const Route& route) {
    if (route.access != Access::session) {
      EXPECT_EQ(status(route, token), 403);
    }
  });
}

TEST_F(MatrixTest, TokensCannotTouchSessionsPasswordsAndTokens) {
  const Ticket token = cell.token_ticket(ann, {"*"});
  for (const auto& [method, path] :
       std::vector<std::pair<std::string, std::string>>{{"POST", "/api/auth/logout"},
                                                        {"GET", "/api/auth/session"},
                                                        {"DELETE", "/api/auth/sessions/others"},
                                                        {"DELETE", "/api/auth/tokens/x"}}) {
    EXPECT_EQ(cell.send(method, path, token).status, 403) << path;
  }
  const Json wanted = {{"name", "t"}, {"scopes", {"*"}}};
  EXPECT_EQ(cell.send("POST", "/api/auth/tokens", token, wanted).status, 403);
}

TEST_F(MatrixTest, GetChangesNothing) {
  const Ticket ticket = cell.ticket("Ann");
  for (const Route& route : cell.api.routes()) {
    if (is_unsafe(route.method)) continue;
    const Json before = cell.fingerprint();
    cell.send(route.method, sample_path(route), ticket);
    EXPECT_EQ(cell.fingerprint(), before) << route.path;
  }
}

TEST(SetupGate, Answers428ForEverythingUnderApiButSetup) {
  ApiState cell;
  for (const Route& route : cell.api.routes()) {
    const http::Response response = cell.send(route.method, sample_path(route));
    if (!route.path.starts_with("/api/") || route.path.starts_with("/api/setup") ||
        route.path == "/api/openapi.json") {
      EXPECT_NE(response.status, 428) << route.path;
      continue;
    }
    EXPECT_EQ(response.status, 428) << route.path;
    EXPECT_EQ(json_of(response)["setup"], "/setup");
  }
  EXPECT_EQ(cell.send("GET", "/api/nothing/here").status, 428);
}

TEST(SetupGate, LetsTheDocumentOfTheApiBeRead) {
  ApiState cell;
  EXPECT_EQ(cell.send("GET", "/api/openapi.json").status, 200);
  EXPECT_EQ(cell.send("POST", "/api/openapi.json").status, 428);
}

TEST(SetupGate, Answers409ForSetupAfterwardsAndChangesNothing) {
  ApiState cell;
  cell.complete_setup();
  const Json before = cell.fingerprint();
  for (const Route& route : cell.api.routes()) {
    if (route.access != Access::setup) continue;
    EXPECT_EQ(cell.send(route.method, sample_path(route)).status, 409) << route.path;
  }
  EXPECT_EQ(cell.fingerprint(), before);
}

struct CsrfTest : MatrixTest {
  // Sends the route with a valid session and what `spoil` makes of the request.
  template <class F>
  void expect_refused(const char* what, F spoil) {
    for_each([&](const Route& route) {
      if (!is_unsafe(route.method)) return;
      const Ticket ticket = cell.ticket("Ann");
      http::Request request = ApiState::request(route.method, sample_path(route), ticket);
      spoil(request, ticket);
      Json before = cell.fingerprint();
      EXPECT_EQ(cell.send(request).status, 403) << what;
      Json after = cell.fingerprint();
      before.erase("audit");  // the refusal is noted there
      after.erase("audit");
      EXPECT_EQ(after, before) << what;
    });
  }
  static void set_token(http::Request& request, const std::string& token) {
    request.headers.erase("X-CSRF-Token");
    request.headers.emplace("X-CSRF-Token", token);
  }
};

TEST_F(CsrfTest, EveryUnsafeRouteNeedsItsSessionsToken) {
  expect_refused("none",
                 [](http::Request& request, const Ticket&) { request.headers.erase("X-CSRF-Token"); });
  expect_refused("empty", [](http::Request& request, const Ticket&) { set_token(request, ""); });
  expect_refused("wrong",
                 [](http::Request& request, const Ticket&) { set_token(request, std::string(43, 'x')); });
  expect_refused("cut short", [](http::Request& request, const Ticket& ticket) {
    set_token(request, ticket.csrf.substr(1));
  });
  expect_refused("another session's", [this](http::Request& request, const Ticket&) {
    set_token(request, cell.ticket("Bob").csrf);
  });
  expect_refused("twice", [](http::Request& request, const Ticket& ticket) {
    request.headers.emplace("X-CSRF-Token", ticket.csrf);
  });
  expect_refused("in the query", [](http::Request& request, const Ticket& ticket) {
    request.headers.erase("X-CSRF-Token");
    request.query["X-CSRF-Token"] = ticket.csrf;
  });
  expect_refused("in a form", [](http::Request& request, const Ticket& ticket) {
    request.headers.erase("X-CSRF-Token");
    request.headers.emplace("Content-Type", "text/plain");
    request.body = "X-CSRF-Token=" + ticket.csrf;
  });
}

TEST_F(CsrfTest, ForeignPagesAreRefusedEvenWithTheToken) {
  const auto with = [](const char* name, const char* value) {
    return [name, value](http::Request& request, const Ticket&) { request.headers.emplace(name, value); };
  };
  expect_refused("foreign origin", with("Origin", "https://evil.example"));
  expect_refused("origin that ends alike", with("Origin", "https://evilcell.example"));
  expect_refused("origin with another port", with("Origin", "https://cell.example:8443"));
  expect_refused("opaque origin", with("Origin", "null"));
  expect_refused("cross-site", with("Sec-Fetch-Site", "cross-site"));
  expect_refused("same-site", with("Sec-Fetch-Site", "same-site"));
}

TEST_F(CsrfTest, OwnPagesAndOtherClientsAreLetIn) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"Origin", "https://cell.example"},
                                                        {"Origin", "https://CELL.example:443"},
                                                        {"Sec-Fetch-Site", "same-origin"},
                                                        {"Sec-Fetch-Site", "none"},
                                                        {"X-Nothing", "x"}}) {
    http::Request request = ApiState::request("POST", "/api/things", cell.ticket("Ann"), {{"name", "a"}});
    request.headers.emplace(name, value);
    EXPECT_EQ(cell.send(request).status, 201) << name << ": " << value;
  }
}

TEST_F(CsrfTest, TokensNeedNoneAndOriginDoesNotMatter) {
  http::Request request =
      ApiState::request("POST", "/api/things", cell.token_ticket(ann, {"things:write"}), {{"name", "a"}});
  request.headers.emplace("Origin", "https://tool.example");
  EXPECT_EQ(cell.send(request).status, 201);
}

TEST_F(CsrfTest, RoutesWithoutTokenStillRefuseForeignPages) {
  http::Request login =
      ApiState::request("POST", "/api/auth/login", {}, {{"name", "Ann"}, {"password", "correct horse Ann"}});
  EXPECT_EQ(cell.send(login).status, 200);
  login.headers.emplace("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(cell.send(login).status, 403);
}

}  // namespace
}  // namespace cell::api::test
