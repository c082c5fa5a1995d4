#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include "unit/api/fixture.hpp"

namespace cell::api::test {
namespace {

struct ResourceTest : testing::Test {
  ApiState cell;
  identity::Person ann = cell.add_person("Ann", true);
  Ticket admin;
  void SetUp() override {
    cell.complete_setup();
    admin = cell.ticket("Ann");
  }
  http::Response log_in(const std::string& name, const std::string& password, bool secure = false) {
    http::Request request =
        ApiState::request("POST", "/api/auth/login", {}, {{"name", name}, {"password", password}});
    request.secure = secure;
    return cell.send(request);
  }
};

std::string cookie_of(const http::Response& response) {
  const auto found = response.headers.find("Set-Cookie");
  return found == response.headers.end() ? "" : found->second;
}

TEST_F(ResourceTest, LoginSetsACookieScriptsCannotRead) {
  const http::Response response = log_in("Ann", "correct horse Ann");
  ASSERT_EQ(response.status, 200);
  const std::string cookie = cookie_of(response);
  EXPECT_TRUE(cookie.starts_with("cell_session=")) << cookie;
  EXPECT_TRUE(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict")) << cookie;
  const std::string token = cookie.substr(13, 43);
  EXPECT_EQ(response.body.find(token), std::string::npos);

  const Json session = json_of(cell.send("GET", "/api/auth/session", {token, {}, {}}));
  EXPECT_EQ(session["user"], (Json{{"id", ann.id}, {"name", "Ann"}, {"role", "admin"}}));
  EXPECT_EQ(session["csrf_token"], json_of(response)["csrf_token"]);
}

TEST_F(ResourceTest, CookieIsBoundToTheHostOnHttps) {
  const std::string cookie = cookie_of(log_in("Ann", "correct horse Ann", true));
  EXPECT_TRUE(cookie.starts_with("__Host-cell_session=")) << cookie;
  EXPECT_TRUE(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure")) << cookie;
  // The plain name, which a neighbour could plant, is not read there.
  http::Request request = ApiState::request("GET", "/api/auth/session", admin);
  request.secure = true;
  EXPECT_EQ(cell.send(request).status, 401);
}

TEST_F(ResourceTest, WrongLoginSaysOnlyThat) {
  const http::Response wrong = log_in("Ann", "wrong password");
  const http::Response unknown = log_in("Nobody", "wrong password");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(json_of(wrong)["type"], "urn:cell:problem:credentials_invalid");
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(cookie_of(wrong), "");
}

TEST_F(ResourceTest, GuessingGets429WithRetryAfter) {
  http::Response response;
  for (int i = 0; i < 6; ++i) response = log_in("Ann", "guess number " + std::to_string(i));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.find("Retry-After")->second, "1");
}

TEST_F(ResourceTest, AuditDoesNotKeepWhatWasTypedAsAName) {
  log_in("my secret password", "x");
  EXPECT_EQ(cell.identity->audit().list(1)->entries.at(0).actor, "unknown");
}

TEST_F(ResourceTest, LogoutEndsTheSession) {
  const http::Response response = cell.send("POST", "/api/auth/logout", admin);
  EXPECT_EQ(response.status, 204);
  EXPECT_NE(cookie_of(response).find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(cell.send("GET", "/api/auth/session", admin).status, 401);
}

TEST_F(ResourceTest, SessionsAreListedAndRevoked) {
  const Ticket other = cell.ticket("Ann", "198.51.100.1");
  const Json items = json_of(cell.send("GET", "/api/auth/sessions", admin))["items"];
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["current"].get<bool>() + items[1]["current"].get<bool>(), 1);

  EXPECT_EQ(cell.send("DELETE", "/api/auth/sessions/others", admin).status, 204);
  EXPECT_EQ(cell.send("GET", "/api/auth/session", other).status, 401);
  EXPECT_EQ(cell.send("GET", "/api/auth/session", admin).status, 200);
}

TEST_F(ResourceTest, SessionOfAnotherPersonIsNotFound) {
  cell.add_person("Bob");
  const Ticket bob = cell.ticket("Bob");
  const std::string id = json_of(cell.send("GET", "/api/auth/sessions", admin))["items"][0]["id"];
  EXPECT_EQ(cell.send("DELETE", "/api/auth/sessions/" + id, bob).status, 404);
  EXPECT_EQ(cell.send("GET", "/api/auth/session", admin).status, 200);
}

TEST_F(ResourceTest, PasswordIsChanged) {
  const Json wrong = {{"current_password", "not this one"}, {"new_password", "a better password"}};
  const http::Response refused = cell.send("POST", "/api/auth/password", admin, wrong);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(json_of(refused)["errors"][0]["pointer"], "/current_password");
  EXPECT_EQ(refused.body.find("not this one"), std::string::npos);

  const Json right = {{"current_password", "correct horse Ann"}, {"new_password", "a better password"}};
  EXPECT_EQ(cell.send("POST", "/api/auth/password", admin, right).status, 204);
  EXPECT_EQ(log_in("Ann", "correct horse Ann").status, 401);
  EXPECT_EQ(log_in("Ann", "a better password").status, 200);
}

TEST_F(ResourceTest, TokenIsShownOnceAndWorks) {
  const http::Response made =
      cell.send("POST", "/api/auth/tokens", admin,
                {{"name", "backup"}, {"scopes", {"people:read"}}, {"read_only", true}});
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string text = json_of(made)["token"];
  const std::string id = json_of(made)["id"];

  EXPECT_EQ(cell.send("GET", "/api/people", {{}, {}, text}).status, 200);
  const http::Response listed = cell.send("GET", "/api/auth/tokens", admin);
  EXPECT_EQ(listed.body.find(text), std::string::npos);
  EXPECT_EQ(json_of(listed)["items"][0]["prefix"], text.substr(0, 9));
  EXPECT_TRUE(json_of(listed)["items"][0].contains("last_used_at"));
  EXPECT_EQ(cell.send("DELETE", "/api/auth/tokens/" + id, admin).status, 204);
  EXPECT_EQ(cell.send("GET", "/api/people", {{}, {}, text}).status, 401);
}

TEST_F(ResourceTest, TokenFieldsAreRefusedWithPointers) {
  const auto pointer = [&](const Json& body) {
    const http::Response response = cell.send("POST", "/api/auth/tokens", admin, body);
    EXPECT_EQ(response.status, 400) << response.body;
    return json_of(response)["errors"][0]["pointer"].get<std::string>();
  };
  EXPECT_EQ(pointer({{"name", "t"}, {"scopes", {"*", "nothing:read"}}}), "/scopes/1");
  EXPECT_EQ(pointer({{"name", "t"}, {"scopes", {"*"}}, {"allowed_sources", {"nowhere"}}}),
            "/allowed_sources/0");
  EXPECT_EQ(pointer({{"name", "t"}, {"scopes", {"*"}}, {"expires_at", "2001-01-01T00:00:00Z"}}),
            "/expires_at");
}

TEST_F(ResourceTest, PeopleAreManaged) {
  const http::Response made = cell.send(
      "POST", "/api/people", admin, {{"name", "Bob"}, {"role", "peer"}, {"password", "correct horse Bob"}});
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id = json_of(made)["id"];
  EXPECT_EQ(made.headers.find("Location")->second, "/api/people/" + id);
  EXPECT_EQ(made.body.find("horse"), std::string::npos);
  EXPECT_EQ(log_in("Bob", "correct horse Bob").status, 200);

  EXPECT_EQ(json_of(cell.send("PATCH", "/api/people/" + id, admin, {{"name", "Robert"}}))["name"], "Robert");
  EXPECT_EQ(json_of(cell.send("GET", "/api/people", admin))["items"].size(), 2U);
  EXPECT_EQ(cell.send("DELETE", "/api/people/" + id, admin).status, 204);
  EXPECT_EQ(cell.send("DELETE", "/api/people/" + id, admin).status, 404);
}

TEST_F(ResourceTest, PeoplePage) {
  for (const char* name : {"B1", "B2", "B3"}) cell.add_person(name);
  http::Request request = ApiState::request("GET", "/api/people", admin);
  request.query["limit"] = "3";
  const Json first = json_of(cell.send(request));
  ASSERT_EQ(first["items"].size(), 3U);
  request.query["cursor"] = first["next_cursor"];
  const Json second = json_of(cell.send(request));
  ASSERT_EQ(second["items"].size(), 1U);
  EXPECT_EQ(second["items"][0]["name"], "B3");
  EXPECT_FALSE(second.contains("next_cursor"));
  request.query["cursor"] = "nobody";
  EXPECT_EQ(cell.send(request).status, 400);
}

TEST_F(ResourceTest, LastAdministratorCannotBeRemovedOrDemoted) {
  EXPECT_EQ(cell.send("DELETE", "/api/people/" + ann.id, admin).status, 409);
  EXPECT_EQ(cell.send("PATCH", "/api/people/" + ann.id, admin, {{"role", "peer"}}).status, 409);
}

TEST_F(ResourceTest, StaleIfMatchChangesNothing) {
  const std::string tag = cell.send("GET", "/api/people", admin).headers.find("ETag")->second;
  cell.add_person("Bob");
  http::Request request = ApiState::request("PATCH", "/api/people/" + ann.id, admin, {{"name", "Anna"}});
  request.headers.emplace("If-Match", tag);
  EXPECT_EQ(cell.send(request).status, 412);
  EXPECT_EQ(cell.identity->people().find(ann.id)->name, "Ann");
}

TEST_F(ResourceTest, AuditIsListed) {
  cell.send("POST", "/api/people", admin,
            {{"name", "Bob"}, {"role", "peer"}, {"password", "correct horse Bob"}});
  http::Request request = ApiState::request("GET", "/api/audit", admin);
  request.query["limit"] = "1";
  const Json page = json_of(cell.send(request));
  EXPECT_EQ(page["items"][0]["action"], "POST /api/people");
  EXPECT_EQ(page["items"][0]["actor"], "Ann");
}

// Every string field of the writing routes × strings that break software: stored and read back as it was, or
// refused with a 4xx; never a 5xx, and a refusal changes nothing.
TEST_F(ResourceTest, NaughtyStringsAreStoredAsTheyAreOrRefused) {
  std::ifstream file(std::string(CELL_TEST_DATA) + "/naughty-strings.json");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  auto strings = Json::parse(text).get<std::vector<std::string>>();
  for (const char* more :
       {"a\r\nSet-Cookie: x", "../../etc/passwd", "%2e%2e%2f", "a;b`c`$(d){}\"", "a\nforward . 1.2.3.4",
        "\u202E"
        "abc"}) {
    strings.emplace_back(more);
  }
  strings.emplace_back(1024 * 1024, 'a');
  ASSERT_GT(strings.size(), 500U);
  const std::string bob = cell.add_person("Bob").id;
  const Json person = {{"name", "Eve"}, {"role", "peer"}, {"password", "correct horse"}};
  const Json token = {{"name", "t"}, {"scopes", {"*"}}};
  int stored = 0;
  int round = 0;
  for (const std::string& naughty : strings) {
    SCOPED_TRACE(naughty.substr(0, 80));
    const http::Response renamed = cell.send("PATCH", "/api/people/" + bob, admin, {{"name", naughty}});
    ASSERT_LT(renamed.status, 500);
    if (renamed.status == 200) {
      ASSERT_EQ(cell.identity->people().find(bob)->name, naughty);
      ++stored;
    } else {
      ASSERT_GE(renamed.status, 400);
    }
    for (const char* field : {"name", "password"}) {
      if (++round % 4 != 0) continue;  // each commit is durable; a quarter of them finds the same
      Json body = person;
      body[field] = naughty;
      const http::Response made = cell.send("POST", "/api/people", admin, body);
      ASSERT_LT(made.status, 500) << field;
      if (made.status != 201) continue;
      ASSERT_EQ(cell.send("DELETE", "/api/people/" + json_of(made)["id"].get<std::string>(), admin).status,
                204);
    }
    Json wanted = token;
    wanted["scopes"] = {naughty};
    ASSERT_EQ(cell.send("POST", "/api/auth/tokens", admin, wanted).status / 100, naughty == "*" ? 2 : 4);
    wanted = token;
    wanted["allowed_sources"] = {naughty};
    const int source = cell.send("POST", "/api/auth/tokens", admin, wanted).status;
    ASSERT_TRUE(source == 201 || source / 100 == 4) << source;
    wanted = token;
    wanted["expires_at"] = naughty;
    const int expiry = cell.send("POST", "/api/auth/tokens", admin, wanted).status;
    ASSERT_TRUE(expiry == 201 || expiry / 100 == 4) << expiry;
    const int unknown =
        cell.send("DELETE", "/api/auth/sessions/" + std::string("x") + naughty.substr(0, 100), admin).status;
    ASSERT_EQ(unknown, 404);
  }
  EXPECT_GT(stored, 100);
}

struct SetupRoutesTest : testing::Test {
  ApiState cell;
  Json answers() const {
    return {{"setup_code", cell.setup->code().value_or("")},
            {"cell_name", "home"},
            {"domain", {{"mode", "local"}}},
            {"timezone", "Europe/Berlin"},
            {"admin", {{"name", "Ann"}, {"password", "correct horse"}}}};
  }
};

TEST_F(SetupRoutesTest, StateSaysWhetherTheCodeIsAsked) {
  EXPECT_EQ(json_of(cell.send("GET", "/api/setup"))["code_required"], true);
  http::Request request = ApiState::request("GET", "/api/setup");
  request.local = true;
  EXPECT_EQ(json_of(cell.send(request))["code_required"],
            true);  // through a name that only resolves to loopback
  request.headers.erase("Host");
  request.headers.emplace("Host", "127.0.0.1:8081");
  EXPECT_EQ(json_of(cell.send(request))["code_required"], false);
}

TEST_F(SetupRoutesTest, CompletingLogsTheAdministratorIn) {
  const http::Response response = cell.send("POST", "/api/setup/complete", {}, answers());
  ASSERT_EQ(response.status, 202) << response.body;
  const std::string token = cookie_of(response).substr(13, 43);
  const Json session = json_of(cell.send("GET", "/api/auth/session", {token, {}, {}}));
  EXPECT_EQ(session["user"]["name"], "Ann");
  EXPECT_EQ(session["user"]["role"], "admin");
  EXPECT_EQ(session["csrf_token"], json_of(response)["session"]["csrf_token"]);
  EXPECT_EQ(cell.send("POST", "/api/setup/complete", {}, answers()).status, 409);
}

TEST_F(SetupRoutesTest, WrongCodeClaimsNothing) {
  const Json before = cell.fingerprint();
  Json body = answers();
  for (const char* code : {"", "AAAA-AAAA-AAAA-AAAA"}) {
    body["setup_code"] = code;
    const http::Response response = cell.send("POST", "/api/setup/complete", {}, body);
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(json_of(response)["type"], "urn:cell:problem:setup_code_invalid");
  }
  body.erase("setup_code");
  EXPECT_EQ(cell.send("POST", "/api/setup/complete", {}, body).status, 403);
  EXPECT_EQ(cell.send("POST", "/api/setup/preflight", {}, Json::object()).status, 403);
  EXPECT_EQ(cell.fingerprint(), before);
}

TEST_F(SetupRoutesTest, FromLoopbackNoCodeIsNeeded) {
  Json body = answers();
  body.erase("setup_code");
  http::Request request = ApiState::request("POST", "/api/setup/complete", {}, body);
  request.local = true;
  request.headers.erase("Host");
  request.headers.emplace("Host", "localhost:8081");
  EXPECT_EQ(cell.send(request).status, 202);
}

TEST_F(SetupRoutesTest, PreflightAnswersWithTheCode) {
  const Json answer =
      json_of(cell.send("POST", "/api/setup/preflight", {}, {{"setup_code", cell.setup->code().value()}}));
  EXPECT_EQ(answer["ok"], true);
  EXPECT_EQ(answer["checks"][0]["id"], "disk");
}

TEST_F(SetupRoutesTest, WeakPasswordIsRefusedWithItsPointer) {
  Json body = answers();
  body["admin"]["password"] = "password";
  const http::Response response = cell.send("POST", "/api/setup/complete", {}, body);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(json_of(response)["errors"][0]["pointer"], "/admin/password");
  EXPECT_FALSE(cell.setup->complete());
}

TEST_F(SetupRoutesTest, OfFiftyAtOnceExactlyOneWins) {
  std::atomic<int> won = 0;
  std::atomic<int> lost = 0;
  {
    const Json body = answers();  // outlives the threads
    std::vector<std::jthread> threads;
    for (int i = 0; i < 50; ++i) {
      threads.emplace_back([&] {
        const int status = cell.api.handle(ApiState::request("POST", "/api/setup/complete", {}, body)).status;
        if (status == 202) ++won;
        if (status == 409) ++lost;
      });
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 49);
  EXPECT_EQ(cell.identity->people().list().size(), 1U);
}

}  // namespace
}  // namespace cell::api::test
