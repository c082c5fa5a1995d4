#include <gtest/gtest.h>

#include "api/openapi.hpp"
#include "api/origin.hpp"
#include "api/problem.hpp"
#include "unit/api/fixture.hpp"

namespace cell::api::test {
namespace {

struct MiddlewareTest : testing::Test {
  ApiState cell;
  identity::Person ann = cell.add_person("Ann", true);
  Ticket ticket;
  void SetUp() override {
    cell.complete_setup();
    ticket = cell.ticket("Ann");
  }
  http::Request post(const std::string& body, const std::string& type = "application/json") {
    http::Request request = ApiState::request("POST", "/api/things", ticket);
    request.headers.emplace("Content-Type", type);
    request.body = body;
    return request;
  }
};

TEST_F(MiddlewareTest, UnknownPathIsAProblemDocument) {
  const http::Response response = cell.send("GET", "/api/nothing", ticket);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(json_of(response)["request_id"], "req-1");
}

TEST_F(MiddlewareTest, WrongMethodNamesTheRightOnes) {
  const http::Response response = cell.send("PUT", "/api/things", ticket);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(json_of(response)["type"], "urn:cell:problem:method_not_allowed");
  const std::string allow = response.headers.find("Allow")->second;
  EXPECT_NE(allow.find("GET"), std::string::npos);
  EXPECT_NE(allow.find("POST"), std::string::npos);
}

TEST_F(MiddlewareTest, OtherPathsGoToTheWebUi) {
  EXPECT_EQ(cell.api.handle(ApiState::request("GET", "/peers")).body, "the web UI");
  EXPECT_EQ(cell.api.handle(ApiState::request("GET", "/apiary")).body, "the web UI");
  EXPECT_EQ(cell.api.handle(ApiState::request("GET", "/api", ticket)).status, 404);
}

TEST_F(MiddlewareTest, HeadIsAnsweredLikeGet) {
  EXPECT_EQ(cell.api.handle(ApiState::request("HEAD", "/api/things", ticket)).status, 200);
  EXPECT_EQ(cell.api.handle(ApiState::request("HEAD", "/api/things")).status, 401);
}

struct BadBody {
  const char* name;
  std::string body;
  std::string type;
  int status;
  const char* pointer;  // of the first field error; "" when there is none
};

struct BadBodyTest : MiddlewareTest, testing::WithParamInterface<BadBody> {};

TEST_P(BadBodyTest, IsRefused) {
  const BadBody& bad = GetParam();
  const http::Response response = cell.send(post(bad.body, bad.type));

  EXPECT_EQ(response.status, bad.status) << response.body;
  const Json problem = json_of(response);
  const std::string pointer =
      problem.contains("errors") ? problem["errors"][0]["pointer"].get<std::string>() : "";
  EXPECT_EQ(pointer, bad.pointer) << response.body;
}

const std::string kJson = "application/json";

INSTANTIATE_TEST_SUITE_P(
    Table, BadBodyTest,
    testing::Values(BadBody{"form", "name=a", "application/x-www-form-urlencoded", 415, ""},
                    BadBody{"text", R"({"name":"a"})", "text/plain", 415, ""},
                    BadBody{"no_type", R"({"name":"a"})", "", 415, ""},
                    BadBody{"similar_type", R"({"name":"a"})", "application/jsonp", 415, ""},
                    BadBody{"half", R"({"name":"a")", kJson, 400, ""},
                    BadBody{"two_documents", R"({"name":"a"}{})", kJson, 400, ""},
                    BadBody{"twice", R"({"name":"a","name":"b"})", kJson, 400, "/name"},
                    BadBody{"too_deep", std::string(100, '[') + std::string(100, ']'), kJson, 400, ""},
                    BadBody{"huge_number", R"({"name":"a","size":1e999})", kJson, 400, ""},
                    BadBody{"nul", "{\"name\":\"a\\u0000\"}", kJson, 400, ""},
                    BadBody{"not_utf8", "{\"name\":\"\xff\xfe\"}", kJson, 400, ""},
                    BadBody{"over_the_limit", "{\"name\":\"" + std::string(300, 'a') + "\"}", kJson, 413, ""},
                    BadBody{"unknown_member", R"({"name":"a","colour":"red"})", kJson, 400, "/colour"},
                    BadBody{"wrong_type", R"({"name":7})", kJson, 400, "/name"},
                    BadBody{"too_long", R"({"name":"aaaaaaaaaaa"})", kJson, 400, "/name"},
                    BadBody{"too_large", R"({"name":"a","size":10})", kJson, 400, "/size"},
                    BadBody{"fraction", R"({"name":"a","size":1.5})", kJson, 400, "/size"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(MiddlewareTest, MissingMembersAndOtherShapesAreRefused) {
  for (const char* body : {"{}", "[]", "null", "\"name\"", ""}) {
    EXPECT_EQ(cell.send(post(body)).status, 400) << body;
  }
}

TEST_F(MiddlewareTest, MediaTypeMayHaveParametersAndAnyCase) {
  EXPECT_EQ(cell.send(post(R"({"name":"a"})", "Application/JSON ; charset=utf-8")).status, 201);
}

TEST_F(MiddlewareTest, RouteWithoutSchemaTakesNoBody) {
  http::Request logout = ApiState::request("POST", "/api/auth/logout", ticket);
  logout.body = R"({"all":true})";
  EXPECT_EQ(cell.send(logout).status, 400);
  logout.body = "{}";
  EXPECT_EQ(cell.send(logout).status, 204);
}

TEST_F(MiddlewareTest, UnknownQueryParameterIsRefused) {
  http::Request request = ApiState::request("GET", "/api/things", ticket);
  request.query["colour"] = "red";
  const http::Response response = cell.send(request);
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(json_of(response)["detail"].get<std::string>().find("'colour'"), std::string::npos);
}

TEST_F(MiddlewareTest, PageSizeHasLimits) {
  const auto status = [&](const std::string& limit) {
    http::Request request = ApiState::request("GET", "/api/things", ticket);
    request.query["limit"] = limit;
    return cell.send(request).status;
  };
  EXPECT_EQ(status("1"), 200);
  EXPECT_EQ(status("1000"), 200);
  for (const char* bad : {"0", "1001", "-1", "x", "1x", "99999999999999999999"})
    EXPECT_EQ(status(bad), 400) << bad;
}

TEST_F(MiddlewareTest, IfMatchIsARevision) {
  const auto answer = [&](const std::string& tag) {
    http::Request request = ApiState::request("POST", "/api/things", ticket, {{"name", "a"}});
    request.headers.emplace("If-Match", tag);
    return cell.send(request);
  };
  EXPECT_EQ(json_of(answer("\"12\""))["if_match"], 12);
  EXPECT_EQ(json_of(answer("W/\"12\""))["if_match"], 12);
  EXPECT_FALSE(json_of(answer("*")).contains("if_match"));
  for (const char* bad : {"12", "\"x\"", "\"\"", "\"", "\"-1\"", "\"1\", \"2\""})
    EXPECT_EQ(answer(bad).status, 412) << bad;
}

TEST_F(MiddlewareTest, ErrorsOfHandlersBecomeProblems) {
  const http::Response response = cell.send("GET", "/api/things/it", ticket);
  EXPECT_EQ(response.status, 410);
  const Json expected = {
      {"type", "urn:cell:problem:config_gone"}, {"title", "No longer available"}, {"status", 410},
      {"detail", "no 'it' any more"},           {"hint", "make another"},         {"request_id", "req-1"}};
  EXPECT_EQ(json_of(response), expected);
}

TEST_F(MiddlewareTest, ExceptionsAreNotShown) {
  const http::Response response = cell.send("GET", "/api/things/secret", ticket);
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("hunter2"), std::string::npos);
  EXPECT_EQ(cell.send("GET", "/api/things", ticket).status, 200);
}

TEST_F(MiddlewareTest, ChangesAreAudited) {
  cell.send("POST", "/api/things", ticket, {{"name", "a"}});
  cell.send("POST", "/api/things", ticket, {{"name", 7}});
  const auto entries = cell.identity->audit().list(10)->entries;
  ASSERT_GE(entries.size(), 2U);
  EXPECT_EQ(entries[0].result, "refused 400");
  EXPECT_EQ(entries[1].result, "ok");
  EXPECT_EQ(entries[1].actor, "Ann");
  EXPECT_EQ(entries[1].action, "POST /api/things");
}

TEST_F(MiddlewareTest, BodyLimitIsTheRoutes) {
  EXPECT_EQ(cell.api.body_limit("POST", "/api/things"), 256U);
  EXPECT_EQ(cell.api.body_limit("POST", "/elsewhere"), 0U);
}

TEST(Problem, EveryCodeHasAStatus) {
  for (int code = 1; code <= static_cast<int>(Code::internal); ++code) {
    const int status = status_of(static_cast<Code>(code));
    EXPECT_GE(status, 400);
    EXPECT_TRUE(status < 500 || code == static_cast<int>(Code::unsupported) ||
                code >= static_cast<int>(Code::unavailable));
  }
}

TEST(Problem, CarriesFieldsAndRetryAfter) {
  Error error{Code::rate_limited, "too many", "wait", {{"/name", "bad"}}, {}, 7};
  const http::Response response = problem(error, "r");
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.find("Retry-After")->second, "7");
  EXPECT_EQ(json_of(response)["errors"], Json::parse(R"([{"pointer": "/name", "detail": "bad"}])"));
}

TEST(Origin, AtThisMachineNeedsALoopbackNameToo) {
  const auto at_this_machine = [](bool local, const char* host) {
    http::Request request;
    request.local = local;
    request.headers.emplace("Host", host);
    return is_at_this_machine(request);
  };
  for (const char* host : {"localhost:8081", "LOCALHOST", "127.0.0.1:3000", "127.1.2.3", "[::1]:8081"}) {
    EXPECT_TRUE(at_this_machine(true, host)) << host;
    EXPECT_FALSE(at_this_machine(false, host)) << host;
  }
  for (const char* host :
       {"", "evil.example", "127.evil.example", "localhost.evil.example", "192.0.2.1", "[::2]"}) {
    EXPECT_FALSE(at_this_machine(true, host)) << host;
  }
}

TEST(Schema, ShorthandsSayWhatTheyMean) {
  const Schema checked = Schema::compile(schema::object({{"a", schema::nullable(schema::one_of({"x"}))},
                                                         {"b?", schema::nullable(schema::integer(1, 2))},
                                                         {"c?", schema::map(schema::boolean())},
                                                         {"t?", schema::time()}}))
                             .value();
  for (const char* good : {R"({"a":"x"})", R"({"a":null})", R"({"a":"x","b":2})", R"({"a":"x","b":null})",
                           R"({"a":"x","c":{"k":true}})", R"({"a":"x","t":"2026-11-24T00:16:23Z"})"}) {
    EXPECT_TRUE(checked.check(Json::parse(good))) << good;
  }
  for (const char* bad : {R"({})", R"({"a":"y"})", R"({"a":"x","b":3})", R"({"a":"x","c":{"k":1}})",
                          R"({"a":"x","d":1})", R"({"a":"x","t":"yesterday"})"}) {
    EXPECT_FALSE(checked.check(Json::parse(bad))) << bad;
  }
}

TEST(OpenApi, NamesEveryRouteOnce) {
  ApiState cell;
  const Json document = cell.api.openapi();

  EXPECT_EQ(document["openapi"], "3.1.0");
  std::set<std::string> ids;
  std::size_t operations = 0;
  for (const auto& [path, item] : document["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      ++operations;
      EXPECT_TRUE(ids.insert(operation["operationId"]).second) << operation["operationId"];
      EXPECT_TRUE(operation["responses"].contains("default"));
      // Each {parameter} of the path is declared.
      const auto braces = static_cast<std::size_t>(std::count(path.begin(), path.end(), '{'));
      std::size_t declared = 0;
      for (const Json& parameter : operation.value("parameters", Json::array()))
        declared += parameter.value("in", "") == "path";
      EXPECT_EQ(declared, braces) << path;
    }
  }
  EXPECT_EQ(operations, cell.api.routes().size());
}

TEST(OpenApi, ReferencesPointToWhatIsThere) {
  ApiState cell;
  const Json document = cell.api.openapi();
  std::function<void(const Json&)> walk = [&](const Json& value) {
    if (value.is_object() && value.contains("$ref")) {
      const std::string target = value["$ref"];
      ASSERT_TRUE(target.starts_with("#/")) << target;
      EXPECT_TRUE(document.contains(Json::json_pointer(target.substr(1)))) << target;
    }
    if (value.is_structured()) {
      for (const Json& inner : value) walk(inner);
    }
  };
  walk(document);
}

TEST(OpenApi, OperationSaysWhatItNeeds) {
  ApiState cell;
  const Json document = cell.api.openapi();
  const Json& operation = document["paths"]["/api/people/{id}"]["patch"];
  EXPECT_EQ(operation["operationId"], "patchPeopleById");
  EXPECT_EQ(operation["security"], Json::parse(R"([{"session": []}, {"token": []}])"));
  EXPECT_EQ(operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["role"]["enum"],
            Json::parse(R"(["admin", "peer"])"));
  EXPECT_EQ(document["paths"]["/api/auth/login"]["post"]["security"], Json::array());
  EXPECT_EQ(document["paths"]["/api/setup/complete"]["post"]["responses"].contains("202"), true);
}

}  // namespace
}  // namespace cell::api::test
