#include <cell/http.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

Router::Handler saying(std::string word) {
  return [word = std::move(word)](const Request& request) -> Result<Response> {
    std::string text = word;
    for (const auto& [name, value] : request.params) text += ' ' + name + '=' + value;
    return Response::text(text);
  };
}

Router example() {
  Router router;
  router.get("/notes", "All notes", Access::person, saying("list"))
      .post("/notes", "A new note", Access::person, saying("create"))
      .get("/notes/{id}", "One note", Access::person, saying("show"))
      .get("/files/{path*}", "A file", Access::admin, saying("file"));
  return router;
}

std::string answer(const std::string& method, const std::string& path) {
  const auto response = example().dispatch({.method = method, .path = path});
  return response ? response->body : std::string(to_string(response.error().code));
}

TEST(Router, FindsTheHandlerByMethodAndPath) {
  EXPECT_EQ(answer("GET", "/notes"), "list");
  EXPECT_EQ(answer("POST", "/notes"), "create");
  EXPECT_EQ(answer("GET", "/notes/7"), "show id=7");
  EXPECT_EQ(answer("GET", "/notes/a%20b%2Fc%4"), "show id=a b/c%4");
  EXPECT_EQ(answer("GET", "/files/a/b.txt"), "file path=a/b.txt");
}

TEST(Router, TellsAWrongMethodFromAWrongPath) {
  EXPECT_EQ(answer("DELETE", "/notes"), "unsupported");
  for (const char* path : {"/", "/note", "/notes/", "/notes/7/x", "/notes//", "/files", "/notes/7/"})
    EXPECT_EQ(answer("GET", path), "not_found") << path;
}

TEST(Router, KeepsParametersThatTheHostHasFilled) {
  const auto response =
      example().dispatch({.method = "GET", .path = "/notes/%41", .params = {{"id", "from the host"}}});

  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "show id=from the host");
}

TEST(Request, IsReadFromTheHostsDocument) {
  const auto request = Request::parse({{"method", "POST"},
                                       {"path", "/notes"},
                                       {"params", {{"id", "7"}}},
                                       {"query", {{"q", "x"}}},
                                       {"headers", {{"Content-Type", "text/plain"}}},
                                       {"principal", {{"id", "p1"}, {"name", "Ada"}, {"role", "admin"}}},
                                       {"request_id", "r1"}},
                                      "body");

  ASSERT_TRUE(request);
  EXPECT_EQ(request->param("id"), "7");
  EXPECT_EQ(request->param("other"), "");
  EXPECT_EQ(request->query.at("q"), "x");
  EXPECT_EQ(request->header("CONTENT-type"), "text/plain");
  EXPECT_TRUE(request->principal->is_admin());
  EXPECT_EQ(request->request_id, "r1");
  EXPECT_EQ(request->body, "body");
}

TEST(Request, NeedsMethodAndPath) {
  EXPECT_FALSE(Request::parse(Json::array(), ""));
  EXPECT_FALSE(Request::parse({{"method", "GET"}}, ""));
  EXPECT_FALSE(Request::parse({{"method", "GET"}, {"path", "notes"}}, ""));
  EXPECT_FALSE(Request::parse({{"method", "GET"}, {"path", "/x"}, {"principal", nullptr}}, "")->principal);
}

TEST(Request, BodyThatIsNotJsonIsTheClientsMistake) {
  EXPECT_EQ(Request{.body = R"({"a":1})"}.json().value(), Json({{"a", 1}}));
  EXPECT_EQ(Request{.body = "{"}.json().error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace cell::sdk
