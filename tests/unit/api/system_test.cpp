#include <thread>

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "unit/api/fixture.hpp"

// The cell's view of itself, as clients see it.
namespace cell::api::test {
namespace {

struct SystemTest : testing::Test {
  ApiState cell;
  identity::Person ann = cell.add_person("Ann", true);
  Ticket admin;
  void SetUp() override {
    cell.complete_setup();
    admin = cell.ticket("Ann");
    hold("cell-dns", {{"cell.instance", "cell"}, {"cell.owner", "core"}});
    hold("a-stranger", {});
  }
  void hold(const std::string& name, std::map<std::string, std::string> labels) {
    cell::test::FakeEngine::Held held;
    held.spec.name = name;
    held.spec.labels = std::move(labels);
    held.state = "running";
    cell.system.engine.containers_by_name[name] = held;
  }
  Json get(const std::string& path) { return json_of(cell.send("GET", path, admin)); }
  http::Response send(const std::string& method, const std::string& path, const Json& body = nullptr) {
    return cell.send(method, path, admin, body);
  }
  http::Response query(const std::string& path, std::map<std::string, std::string> query) {
    http::Request request = ApiState::request("GET", path, admin);
    request.query = std::move(query);
    return cell.send(request);
  }
  // Waits for a job and answers its state.
  std::string end_of(const http::Response& response) {
    const std::string id = json_string(json_of(response), "job_id");
    for (int i = 0; i < 500; ++i) {
      const std::string state = json_string(*cell.jobs->get(id), "state");
      if (state == "done" || state == "failed") return state;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return "still running";
  }
};

std::string problem_of(const http::Response& response) { return json_string(json_of(response), "type"); }

TEST_F(SystemTest, ContainersAreListed) {
  const Json items = get("/api/containers")["items"];

  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["name"], "cell-dns");
  EXPECT_EQ(items[1]["read_only"], true);
}

TEST_F(SystemTest, StoppingIsAJob) {
  const http::Response response = send("POST", "/api/containers/cell-dns/stop");
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(end_of(response), "done");
  EXPECT_EQ(settings::stopped_containers_of(cell.config->snapshot()->root),
            (std::set<std::string>{"cell-dns"}));
}

TEST_F(SystemTest, StrangersAreReadOnly) {
  const http::Response response = send("POST", "/api/containers/a-stranger/stop");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(problem_of(response), "urn:cell:problem:read_only");
}

TEST_F(SystemTest, ContainerLogsCheckTheirQuery) {
  EXPECT_EQ(query("/api/containers/cell-dns/logs", {{"tail", "5"}}).status, 200);
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"tail", "0"},
                                                                                    {"tail", "x"},
                                                                                    {"tail", "5001"},
                                                                                    {"tail", "-1"},
                                                                                    {"since", "yesterday"},
                                                                                    {"colour", "red"}}) {
    EXPECT_EQ(query("/api/containers/cell-dns/logs", {{name, value}}).status, 400) << name << '=' << value;
  }
  EXPECT_EQ(query("/api/containers/nobody/logs", {}).status, 404);
}

TEST_F(SystemTest, EngineThatIsGoneIs503) {
  cell.system.engine.with([](auto& engine) {
    engine.gone = true;
    return 0;
  });
  for (const char* path : {"/api/containers", "/api/containers/stats", "/api/images", "/api/volumes",
                           "/api/containers/cell-dns"}) {
    EXPECT_EQ(cell.send("GET", path, admin).status, 503) << path;
  }
}

TEST_F(SystemTest, DashboardItemIsIgnored) {
  cell.system.facts.stopped_containers = {"cell-ntp"};
  cell.system.board->refresh();
  EXPECT_EQ(get("/api/dashboard")["health"]["items"][0]["id"], "stopped-cell-ntp");

  const std::string until = format_time(cell.clock.now() + std::chrono::hours{1});
  const http::Response response =
      send("POST", "/api/dashboard/items/stopped-cell-ntp/ignore", {{"until", until}});
  EXPECT_EQ(json_of(response)["status"], "ok");
  EXPECT_EQ(get("/api/dashboard")["health"]["items"][0]["ignore_until"], until);

  EXPECT_EQ(
      json_of(send("POST", "/api/dashboard/items/stopped-cell-ntp/ignore", {{"until", nullptr}}))["status"],
      "degraded");
}

TEST_F(SystemTest, IgnoringChecksItsBody) {
  const std::string path = "/api/dashboard/items/nothing/ignore";
  EXPECT_EQ(send("POST", path, {{"until", "soon"}}).status, 400);
  EXPECT_EQ(send("POST", path, Json::object()).status, 400);
  EXPECT_EQ(send("POST", path, {{"until", "2027-01-16T08:00:00Z"}}).status, 404);
}

TEST_F(SystemTest, LogsArePaged) {
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += R"({"t":"2026-11-24T00:00:0)" + std::to_string(i) +
            R"(.000Z","level":"info","service":"http","message":")" + std::to_string(i) + "\"}\n";
  }
  ASSERT_TRUE(ensure_directory(cell.directory.path() / "logs"));
  ASSERT_TRUE(write_file_atomic(cell.directory.path() / "logs/http.log", text));
  const Json first = json_of(query("/api/logs", {{"limit", "3"}}));
  EXPECT_EQ(first["items"].size(), 3U);
  EXPECT_EQ(first["services"], (Json{"http"}));
  const Json second = json_of(query("/api/logs", {{"limit", "3"}, {"cursor", first["next_cursor"]}}));

  EXPECT_EQ(second["items"].size(), 2U);
  EXPECT_EQ(second["items"][0]["message"], "1");
  EXPECT_FALSE(second.contains("next_cursor"));
}

TEST_F(SystemTest, LogsCheckTheirQuery) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"level", "loud"},
                                                        {"since", "x"},
                                                        {"until", "x"},
                                                        {"limit", "0"},
                                                        {"limit", "1001"},
                                                        {"limit", "ten"},
                                                        {"cursor", "x"},
                                                        {"q", std::string(300, 'x')}}) {
    EXPECT_EQ(query("/api/logs", {{name, value}}).status, 400) << name << '=' << value;
  }
  EXPECT_EQ(query("/api/logs/follow", {{"level", "loud"}}).status, 400);
  EXPECT_EQ(query("/api/logs/follow", {{"until", "2026-11-24T00:00:00Z"}}).status, 400);
}

TEST_F(SystemTest, FollowingIsAStream) {
  const http::Response response = query("/api/logs/follow", {{"level", "warn"}, {"service", "http"}});
  EXPECT_EQ(response.content_type, "text/event-stream");
  EXPECT_TRUE(response.stream);
}

TEST_F(SystemTest, VerbosityIsSetAndShown) {
  const Json shown = get("/api/logs/verbosity");
  EXPECT_EQ(shown["core"], (Json{{"root", "info"}, {"services", {{"http", "info"}}}}));

  // As the UI does: what it was given, with one level changed.
  Json body = shown;
  body["core"]["root"] = "WARNING";
  const http::Response response = send("PUT", "/api/logs/verbosity", body);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(json_of(response)["entries"][0], (Json{{"name", "root"}, {"level", "warn"}, {"applied", "hot"}}));
  EXPECT_EQ(get("/api/logs/verbosity")["core"], (Json{{"root", "warn"}, {"services", {{"http", "warn"}}}}));
}

TEST_F(SystemTest, WrongLevelsAreRefusedWithTheirPlace) {
  const auto before = cell.config->snapshot()->revision;
  const http::Response response =
      send("PUT", "/api/logs/verbosity", Json::parse(R"({"python": {"root": "loud"}})"));

  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(json_of(response)["errors"][0]["pointer"], "/python/root");
  EXPECT_EQ(cell.config->snapshot()->revision, before);
}

TEST_F(SystemTest, SettingsAreChangedByWhoSawTheNewest) {
  const http::Response shown = cell.send("GET", "/api/settings", admin);
  const std::string tag = shown.headers.find("ETag")->second;
  EXPECT_EQ(tag, "\"" + std::to_string(json_of(shown)["revision"].get<int>()) + "\"");

  http::Request request = ApiState::request("PATCH", "/api/settings", admin, {{"timezone", "Europe/Berlin"}});
  request.headers.emplace("If-Match", tag);
  const http::Response changed = cell.send(request);
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(json_of(changed)["timezone"], "Europe/Berlin");
  EXPECT_EQ(cell.send(request).status, 412);
}

TEST_F(SystemTest, SettingsThatAreFixedAreRefused) {
  const http::Response response = send("PATCH", "/api/settings", {{"cell_name", "other"}});
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(problem_of(response), "urn:cell:problem:fixed_after_setup");
  EXPECT_EQ(json_of(response)["errors"][0]["pointer"], "/cell_name");
}

TEST_F(SystemTest, GoesBackToARevision) {
  const auto before = std::to_string(cell.config->snapshot()->revision);
  ASSERT_EQ(send("PATCH", "/api/settings", {{"timezone", "Europe/Berlin"}}).status, 200);
  const Json items = get("/api/config/revisions")["items"];
  EXPECT_EQ(items[0]["summary"], "settings changed");
  EXPECT_EQ(items[0]["actor"], "Ann");
  EXPECT_EQ(get("/api/config/revisions/" + before)["document"]["identity"]["timezone"], "UTC");

  const http::Response response = send("POST", "/api/config/revisions/" + before + "/restore");
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(end_of(response), "done");
  EXPECT_EQ(get("/api/settings")["timezone"], "UTC");
  EXPECT_EQ(cell.restored, 1);
  EXPECT_EQ(cell.send("GET", "/api/settings", admin).status, 200);  // Ann is still there
}

// As if this version called the time zone by another name than the one before.
TEST_F(SystemTest, ARevisionOfAnEarlierVersionIsBroughtUpToDateOnTheWayBack) {
  cell::test::TemporaryDirectory directory;
  config::Store::Options options{
      .directory = directory.path(), .initial = cell.config->snapshot()->root, .clock = &cell.clock};
  { ASSERT_TRUE(config::Store::open(options)); }
  options.migrations = {[](Json root) -> Result<Json> {
    root["identity"]["zone"] = root["identity"]["timezone"];
    root["identity"].erase("timezone");
    return root;
  }};
  const auto store = config::Store::open(options).value();
  ASSERT_TRUE(store->commit({}, [](Json& root) -> Result<void> {
    root["identity"]["zone"] = "Europe/Berlin";
    return {};
  }));

  const auto routes = settings_routes(*store, *cell.jobs, [] {});
  const auto restoring = std::find_if(routes.begin(), routes.end(), [](const Route& route) {
    return route.path == "/api/config/revisions/{number}/restore";
  });
  http::Request request = ApiState::request("POST", "/api/config/revisions/1/restore");
  request.params = {{"number", "1"}};
  const Principal ann_herself{.user_id = ann.id, .name = "Ann", .is_admin = true};
  const auto answer = restoring->handle({request, &ann_herself, nullptr, std::nullopt});

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(end_of(*answer), "done");
  EXPECT_EQ(store->snapshot()->root["identity"]["zone"], "UTC");
  EXPECT_FALSE(store->snapshot()->root["identity"].contains("timezone"));
}

TEST_F(SystemTest, NeverGoesBackBeforeSetUp) {
  const http::Response response = send("POST", "/api/config/revisions/1/restore");
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(problem_of(response), "urn:cell:problem:before_setup");
}

TEST_F(SystemTest, UnknownRevisionsAreNotFound) {
  for (const char* number : {"999", "x", "-1", "1x"}) {
    EXPECT_EQ(send("POST", std::string("/api/config/revisions/") + number + "/restore").status, 404)
        << number;
    EXPECT_EQ(cell.send("GET", std::string("/api/config/revisions/") + number, admin).status, 404) << number;
  }
}

http::Request metrics_request(const std::string& host, bool local, const Ticket& who = {}) {
  http::Request request = ApiState::request("GET", "/metrics", who);
  request.headers.erase("Host");
  request.headers.emplace("Host", host);
  request.local = local;
  return request;
}

TEST_F(SystemTest, MetricsAreForThisMachineAndAdministrators) {
  cell.add_person("Bob");
  EXPECT_EQ(cell.send(metrics_request("127.0.0.1:3000", true)).status, 200);
  EXPECT_EQ(cell.send(metrics_request("localhost", true)).status, 200);
  EXPECT_EQ(cell.send(metrics_request("rebound.example", true)).status, 401);
  EXPECT_EQ(cell.send(metrics_request("127.0.0.1:3000", false)).status, 401);
  EXPECT_EQ(cell.send(metrics_request("cell.example", false, admin)).status, 200);
  EXPECT_EQ(cell.send(metrics_request("cell.example", false, cell.ticket("Bob"))).status, 403);
}

TEST_F(SystemTest, MetricsNeedTheirScope) {
  const auto token =
      cell.identity->tokens().create(ann.id, {"prometheus", {"system:read"}, true}, {"system", "things"});
  ASSERT_TRUE(token);
  EXPECT_EQ(cell.send("GET", "/metrics", {{}, {}, std::string(token->text.reveal())}).status, 200);
  EXPECT_EQ(cell.send("GET", "/metrics", cell.token_ticket(ann, {"things:read"})).status, 403);
}

TEST_F(SystemTest, MetricsAreText) {
  const http::Response response = cell.send("GET", "/metrics", admin);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(response.body,
              testing::HasSubstr("# TYPE cell_jobs gauge\ncell_jobs{state=\"cancelled\"} 0\n"));
  EXPECT_THAT(response.body, testing::ContainsRegex("process_resident_memory_bytes [0-9e.+]+\n"));
}

TEST(Metrics, EscapesLabels) {
  EXPECT_EQ(render_metrics({{"x", "gauge", "Help", {{{{"a", "q\"b\\s\nn"}, {"b", ""}}, 1.5}}},
                            counter("y_total", "More", 3)}),
            "# HELP x Help\n# TYPE x gauge\nx{a=\"q\\\"b\\\\s\\nn\",b=\"\"} 1.5\n"
            "# HELP y_total More\n# TYPE y_total counter\ny_total 3\n");
}

}  // namespace
}  // namespace cell::api::test
