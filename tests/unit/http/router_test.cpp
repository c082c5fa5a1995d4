#include "http/router.hpp"

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "http/static_files.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::http {
namespace {

struct Fixture : testing::Test {
  RouteTable table;
  void SetUp() override {
    const std::vector<std::string> patterns{"/api/peers", "/api/peers/{id}", "/api/peers/{id}/config",
                                            "/api/peers/stats", "/files/{rest*}"};
    for (std::size_t i = 0; i < patterns.size(); ++i) ASSERT_TRUE(table.add("GET", patterns[i], i));
    ASSERT_TRUE(table.add("DELETE", "/api/peers/{id}", 9));
  }
};
using Router = Fixture;

TEST_F(Router, FindsLiteralsBeforeParameters) {
  EXPECT_EQ(table.find("GET", "/api/peers")->route, 0U);
  EXPECT_EQ(table.find("GET", "/api/peers/stats")->route, 3U);
  EXPECT_EQ(table.find("GET", "/api/peers/stats/config")->params.at("id"), "stats");
  EXPECT_EQ(table.find("GET", "/api/peers/x")->params.at("id"), "x");
  EXPECT_EQ(table.find("GET", "/files/a/b/c")->params.at("rest"), "a/b/c");
}

TEST_F(Router, FindsNothingElse) {
  for (const char* path : {"/", "/api", "/api/peers/", "/api/peers/x/", "/api/peers/x/config/y", "/files"}) {
    EXPECT_FALSE(table.find("GET", path)) << path;
  }
}

TEST_F(Router, KnowsTheMethodsOfAPath) {
  EXPECT_FALSE(table.find("POST", "/api/peers/x"));
  EXPECT_THAT(table.allowed_methods("/api/peers/x"), testing::ElementsAre("DELETE", "GET"));
  EXPECT_TRUE(table.allowed_methods("/nowhere").empty());
}

TEST_F(Router, ALiteralDoesNotHideTheMethodsOfAParameter) {
  EXPECT_EQ(table.find("DELETE", "/api/peers/stats")->params.at("id"), "stats");
  EXPECT_THAT(table.allowed_methods("/api/peers/stats"), testing::ElementsAre("DELETE", "GET"));
}

TEST_F(Router, RefusesTheSameRouteTwice) {
  EXPECT_EQ(table.add("GET", "/api/peers/{name}", 7).error().code, Code::conflict);
}

struct StaticFixture : testing::Test {
  cell::test::TemporaryDirectory directory;
  PageSources sources;
  std::unique_ptr<StaticFiles> files;
  void SetUp() override {
    ASSERT_TRUE(ensure_directory(directory.path() / "assets"));
    ASSERT_TRUE(write_file_atomic(directory.path() / "index.html", "<p>home</p>"));
    ASSERT_TRUE(write_file_atomic(directory.path() / "assets/app-1.js", "plain"));
    ASSERT_TRUE(write_file_atomic(directory.path() / "assets/app-1.js.br", "packed"));
    std::filesystem::create_symlink("/etc/passwd", directory.path() / "link.txt");
    files = std::make_unique<StaticFiles>(directory.path(), [this](const Request&) { return sources; });
  }
  Response get(const std::string& path, const Headers& headers = {}) {
    Request request;
    request.method = "GET";
    request.path = path;
    request.headers = headers;
    return files->serve(request);
  }
};
using StaticFilesTest = StaticFixture;

TEST_F(StaticFilesTest, GivesTheIndexForThePagesOfTheUi) {
  EXPECT_EQ(get("/").body, "<p>home</p>");
  EXPECT_EQ(get("/peers/abc").body, "<p>home</p>");
  EXPECT_EQ(get("/dns/laptop.home").body, "<p>home</p>");
  EXPECT_EQ(get("/missing.js").status, 404);
  EXPECT_EQ(get("/assets/missing").status, 404);
}

TEST_F(StaticFilesTest, SendsWhatIsPackedToThoseWhoTakeIt) {
  EXPECT_EQ(get("/assets/app-1.js", {{"Accept-Encoding", "gzip, br"}}).body, "packed");
  EXPECT_EQ(get("/assets/app-1.js", {{"Accept-Encoding", "br; q=0.0"}}).body, "plain");
  EXPECT_EQ(get("/assets/app-1.js", {{"Accept-Encoding", "brotli"}}).body, "plain");
  EXPECT_EQ(get("/assets/app-1.js", {{"Accept-Encoding", "br;q=0.5"}}).body, "packed");
  EXPECT_EQ(get("/assets/app-1.js").headers.find("Cache-Control")->second,
            "public, max-age=31536000, immutable");
}

TEST_F(StaticFilesTest, AnswersNotModified) {
  const std::string etag = get("/").headers.find("ETag")->second;

  const Response again = get("/", {{"If-None-Match", "\"other\", W/" + etag}});

  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
}

TEST_F(StaticFilesTest, AnotherPolicyIsAnotherVersionOfAPage) {
  const std::string etag = get("/").headers.find("ETag")->second;
  const std::string asset = get("/assets/app-1.js").headers.find("ETag")->second;
  sources = {"https://files.home.cell/_cell/"};

  const Response again = get("/", {{"If-None-Match", etag}});

  EXPECT_EQ(again.status, 200);
  EXPECT_THAT(again.headers.find("Content-Security-Policy")->second,
              testing::HasSubstr("connect-src 'self' https://files.home.cell/_cell/;"));
  EXPECT_EQ(get("/assets/app-1.js", {{"If-None-Match", asset}}).status, 304);
}

TEST(ContentPolicy, WithoutSourcesNothingButTheOwnHostIsUsed) {
  EXPECT_EQ(content_policy({}),
            "default-src 'self'; connect-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
            "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self'");
}

TEST(ContentPolicy, SourcesAreAskedAndShownNeverRun) {
  EXPECT_EQ(content_policy({"https://a.home.cell/x/", "https://b.home.cell:8443/"}),
            "default-src 'self'; connect-src 'self' https://a.home.cell/x/ https://b.home.cell:8443/; "
            "img-src 'self' data: blob: https://a.home.cell/x/ https://b.home.cell:8443/; "
            "media-src 'self' https://a.home.cell/x/ https://b.home.cell:8443/; "
            "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self'");
}

TEST_F(StaticFilesTest, NeverFollowsALink) { EXPECT_EQ(get("/link.txt").status, 404); }

TEST_F(StaticFilesTest, RefusesToBeWrittenTo) {
  Request request;
  request.method = "POST";
  request.path = "/";

  EXPECT_EQ(files->serve(request).status, 405);
}

}  // namespace
}  // namespace cell::http
