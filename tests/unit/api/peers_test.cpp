#include <thread>

#include <gtest/gtest.h>

#include "crypto/x25519.hpp"
#include "unit/api/fixture.hpp"

// Devices through the API: shapes, whose they are, what is given out once.
namespace cell::api::test {
namespace {

struct PeersApiTest : testing::Test {
  ApiState cell;
  identity::Person ann = cell.add_person("Ann", true);
  identity::Person bob = cell.add_person("Bob");
  Ticket admin = cell.ticket("Ann");
  Ticket peer = cell.ticket("Bob");
  void SetUp() override { cell.complete_setup(); }

  Json add(const Ticket& who, const Json& body) {
    const http::Response response = cell.send("POST", "/api/peers", who, body);
    EXPECT_EQ(response.status, 201) << response.body;
    return json_of(response);
  }
  static std::string new_key() { return crypto::generate_wireguard_keys()->public_key; }
  static std::string path_of(const Json& device, const std::string& below = {}) {
    return "/api/peers/" + device["id"].get<std::string>() + below;
  }
};

TEST_F(PeersApiTest, CreatedDeviceIsTheCallersAndComesWithItsConfiguration) {
  const Json made = add(admin, {{"name", "phone"}});
  EXPECT_EQ(made["owner_id"], ann.id);
  EXPECT_EQ(made["owner_name"], "Ann");
  EXPECT_EQ(made["policy"], (Json{{"internet", true}, {"lan", false}, {"peers", false}, {"services", true}}));
  EXPECT_EQ(made["addresses"], (Json{"10.13.13.2", "fd12:3456:789a:1::2"}));
  EXPECT_EQ(made["key_origin"], "server");
  EXPECT_EQ(made["config_available"], true);
  EXPECT_EQ(made["live"]["state"], "never");
  EXPECT_NE(made["config"].get<std::string>().find("[Interface]\nPrivateKey = "), std::string::npos);

  Json shown = json_of(cell.send("GET", path_of(made), admin));
  EXPECT_FALSE(shown.contains("config"));
  shown["config"] = made["config"];
  EXPECT_EQ(shown, made);
}

TEST_F(PeersApiTest, PlaceholderStandsForTheBrowsersKey) {
  const Json made = add(admin, {{"name", "phone"}, {"public_key", new_key()}});
  EXPECT_NE(made["config"].get<std::string>().find("PrivateKey = <PRIVATE_KEY>\n"), std::string::npos);
  EXPECT_EQ(made["config_available"], false);
  EXPECT_EQ(cell.send("POST", path_of(made, "/config"), admin).status, 410);
}

TEST_F(PeersApiTest, KeyOfTheServerIsGivenOutOnceAndNeverByLooking) {
  const Json made = add(admin, {{"name", "phone"}});
  const http::Response text = cell.send("GET", path_of(made, "/config"), admin);
  EXPECT_EQ(text.status, 200);
  EXPECT_NE(text.body.find("PrivateKey = <PRIVATE_KEY>\n"), std::string::npos);
  EXPECT_EQ(cell.send("GET", path_of(made, "/qr.svg"), admin).status, 200);
  EXPECT_EQ(cell.send("GET", path_of(made, "/qr.png"), admin).status, 200);

  EXPECT_EQ(cell.send("POST", path_of(made, "/config"), admin).body, made["config"]);

  for (const auto& [method, below] : std::vector<std::pair<std::string, std::string>>{
           {"POST", "/config"}, {"GET", "/qr.svg"}, {"GET", "/qr.png"}}) {
    const http::Response gone = cell.send(method, path_of(made, below), admin);
    EXPECT_EQ(gone.status, 410) << below;
    EXPECT_EQ(json_of(gone)["type"], "urn:cell:problem:config_gone");
  }
  EXPECT_EQ(json_of(cell.send("GET", path_of(made), admin))["config_available"], false);
}

TEST_F(PeersApiTest, TokensThatMayOnlyReadGetNoKey) {
  const Json made = add(admin, {{"name", "phone"}});
  const auto token = [&](const std::string& scope, bool read_only) {
    const auto issued = cell.identity->tokens().create(ann.id, {"t", {scope}, read_only}, {"peers"});
    return Ticket{{}, {}, std::string(issued.value().text.reveal())};
  };
  for (const char* code : {"/config", "/qr.svg", "/qr.png"}) {
    const http::Response by_scope = cell.send("GET", path_of(made, code), token("peers:read", false));
    EXPECT_EQ(by_scope.status, 403) << code;
    EXPECT_EQ(json_of(by_scope)["type"], "urn:cell:problem:token_scope");
    const http::Response by_flag = cell.send("GET", path_of(made, code), token("peers:write", true));
    EXPECT_EQ(by_flag.status, 403) << code;
    EXPECT_EQ(json_of(by_flag)["type"], "urn:cell:problem:token_read_only");
    EXPECT_EQ(cell.send("GET", path_of(made, code), token("peers:write", false)).status, 200) << code;
  }
  EXPECT_EQ(cell.send("GET", path_of(made), token("peers:read", true)).status, 200);
}

TEST_F(PeersApiTest, PeopleSeeOnlyTheirOwnDevices) {
  const Json anns = add(admin, {{"name", "ann's phone"}});
  const Json bobs = add(peer, {{"name", "bob's phone"}});
  const Json list = json_of(cell.send("GET", "/api/peers", peer))["items"];
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["id"], bobs["id"]);
  EXPECT_EQ(json_of(cell.send("GET", "/api/peers", admin))["items"].size(), 2u);

  const Json before = cell.config->snapshot()->root;
  for (const auto& [method, below] :
       std::vector<std::pair<std::string, std::string>>{{"GET", ""},
                                                        {"PATCH", ""},
                                                        {"DELETE", ""},
                                                        {"POST", "/rekey"},
                                                        {"GET", "/config"},
                                                        {"POST", "/config"},
                                                        {"GET", "/qr.svg"},
                                                        {"GET", "/qr.png"},
                                                        {"GET", "/traffic"},
                                                        {"GET", "/diagnosis"},
                                                        {"GET", "/links"},
                                                        {"POST", "/links"},
                                                        {"DELETE", "/links/x"}}) {
    EXPECT_EQ(cell.send(method, path_of(anns, below), peer).status, 404) << method << below;
  }
  EXPECT_EQ(cell.config->snapshot()->root, before);
  EXPECT_EQ(cell.send("GET", "/api/wireguard", peer).status, 403);
}

TEST_F(PeersApiTest, PeopleCannotGiveAwayTakeOrWiden) {
  const auto refused = [&](const std::string& method, const std::string& path, const Json& body,
                           const std::string& pointer) {
    const Json before = cell.config->snapshot()->root;
    const http::Response response = cell.send(method, path, peer, body);
    EXPECT_EQ(response.status, 403) << response.body;
    EXPECT_EQ(json_of(response)["errors"][0]["pointer"], pointer);
    EXPECT_EQ(cell.config->snapshot()->root, before);
  };
  const Json lan = {{"internet", true}, {"lan", true}, {"peers", false}, {"services", true}};
  const Json others = {{"internet", true}, {"lan", false}, {"peers", true}, {"services", true}};
  refused("POST", "/api/peers", {{"name", "x"}, {"owner_id", ann.id}}, "/owner_id");
  refused("POST", "/api/peers", {{"name", "x"}, {"policy", lan}}, "/policy/lan");
  const Json mine = add(peer, {{"name", "phone"}, {"owner_id", bob.id}});
  refused("PATCH", path_of(mine), {{"owner_id", ann.id}}, "/owner_id");
  refused("PATCH", path_of(mine), {{"owner_id", nullptr}}, "/owner_id");
  refused("PATCH", path_of(mine), {{"policy", others}}, "/policy/peers");
  refused("PATCH", path_of(mine), {{"exit", "tor/out"}}, "/exit");
  refused("POST", "/api/peers", {{"name", "x"}, {"exit", "tor/out"}}, "/exit");
  EXPECT_EQ(cell.send("PATCH", path_of(mine), peer, {{"exit", nullptr}}).status, 200);

  ASSERT_EQ(cell.send("PATCH", path_of(mine), admin, {{"policy", lan}}).status, 200);
  EXPECT_EQ(cell.send("PATCH", path_of(mine), peer, {{"policy", lan}, {"name", "tablet"}}).status, 200)
      << "what is there may stay";
}

TEST_F(PeersApiTest, PeopleCannotUndoWhatAnAdministratorSwitchedOffOrLimited) {
  const Json mine = add(peer, {{"name", "phone"}});
  const auto patch = [&](const Ticket& who, const Json& body) {
    return cell.send("PATCH", path_of(mine), who, body);
  };
  ASSERT_EQ(patch(peer, {{"enabled", false}}).status, 200);
  ASSERT_EQ(patch(peer, {{"enabled", true}}).status, 200) << "their own doing";
  ASSERT_EQ(patch(admin, {{"enabled", false}, {"expires_at", "2099-01-01T00:00:00Z"}}).status, 200);

  for (const auto& [body, pointer] :
       std::vector<std::pair<Json, std::string>>{{{{"enabled", true}}, "/enabled"},
                                                 {{{"expires_at", nullptr}}, "/expires_at"},
                                                 {{{"expires_at", "2099-01-01T00:00:01Z"}}, "/expires_at"}}) {
    const http::Response refused = patch(peer, body);
    EXPECT_EQ(refused.status, 403) << body;
    EXPECT_EQ(json_of(refused)["errors"][0]["pointer"], pointer);
  }
  EXPECT_EQ(patch(peer, {{"expires_at", "2098-01-01T00:00:00Z"}, {"name", "tablet"}}).status, 200);
  EXPECT_EQ(patch(admin, {{"enabled", true}, {"expires_at", nullptr}}).status, 200);
}

TEST_F(PeersApiTest, ChangesAreAnsweredAndNullTakesAway) {
  const Json made =
      add(admin, {{"name", "phone"}, {"tags", {"a"}}, {"expires_at", "2099-01-01T01:00:00+01:00"}});
  EXPECT_EQ(made["expires_at"], "2099-01-01T00:00:00Z");
  const Json changed = json_of(cell.send("PATCH", path_of(made), admin,
                                         {{"name", "tablet"},
                                          {"owner_id", nullptr},
                                          {"enabled", false},
                                          {"expires_at", nullptr},
                                          {"tags", {"b", "c"}}}));
  EXPECT_EQ(changed["name"], "tablet");
  EXPECT_EQ(changed["owner_id"], nullptr);
  EXPECT_EQ(changed["enabled"], false);
  EXPECT_EQ(changed["live"]["state"], "disabled");
  EXPECT_EQ(changed["expires_at"], nullptr);
  EXPECT_EQ(changed["tags"], (Json{"b", "c"}));
  EXPECT_EQ(cell.send("DELETE", path_of(made), admin).status, 204);
  EXPECT_EQ(cell.send("GET", path_of(made), admin).status, 404);
}

TEST_F(PeersApiTest, ADeviceIsGoneAlsoWhereItsTrafficCannotBeForgotten) {
  const Json made = add(admin, {{"name", "phone"}});
  ASSERT_TRUE(cell.database->execute("DROP TABLE peer_traffic"));

  EXPECT_EQ(cell.send("DELETE", path_of(made), admin).status, 204);
  EXPECT_EQ(cell.send("GET", path_of(made), admin).status, 404);
}

TEST_F(PeersApiTest, WrongInputNamesTheField) {
  add(admin, {{"name", "phone"}});
  for (const auto& [body, status, pointer] : std::vector<std::tuple<Json, int, std::string>>{
           {{{"name", "Phone"}}, 409, "/name"},
           {{{"name", "a\nb"}}, 400, "/name"},
           {{{"name", 7}}, 400, "/name"},
           {{{"name", "x"}, {"public_key", "AAAA"}}, 400, "/public_key"},
           {{{"name", "x"}, {"public_key", ""}}, 400, "/public_key"},
           {{{"name", "x"}, {"owner_id", "nobody"}}, 400, "/owner_id"},
           {{{"name", "x"}, {"expires_at", "2020-01-01T00:00:00Z"}}, 400, "/expires_at"},
           {{{"name", "x"}, {"expires_at", "soon"}}, 400, "/expires_at"},
           {{{"name", "x"}, {"tags", {"a\u0007"}}}, 400, "/tags/0"},
           {{{"name", "x"},
             {"policy", {{"internet", "yes"}, {"lan", false}, {"peers", false}, {"services", true}}}},
            400,
            "/policy/internet"}}) {
    const Json before = cell.fingerprint();
    const http::Response response = cell.send("POST", "/api/peers", admin, body);
    EXPECT_EQ(response.status, status) << body << response.body;
    EXPECT_EQ(json_of(response)["errors"][0]["pointer"], pointer) << response.body;
    Json after = cell.fingerprint();
    after["audit"] = before["audit"];
    EXPECT_EQ(after, before) << body;
  }
}

TEST_F(PeersApiTest, StaleIfMatchIsRefused) {
  const Json made = add(admin, {{"name", "phone"}});
  http::Request request = ApiState::request("PATCH", path_of(made), admin, {{"name", "tablet"}});
  request.headers.emplace("If-Match", "\"1\"");
  EXPECT_EQ(cell.send(request).status, 412);
  const auto tag = cell.send("GET", path_of(made), admin).headers.find("ETag")->second;
  request.headers.erase("If-Match");
  request.headers.emplace("If-Match", tag);
  EXPECT_EQ(cell.send(request).status, 200);
}

TEST_F(PeersApiTest, PagesByCursor) {
  for (int i = 0; i < 5; ++i) add(admin, {{"name", "device " + std::to_string(i)}});
  std::set<std::string> seen;
  std::string cursor;
  int pages = 0;
  do {
    http::Request request = ApiState::request("GET", "/api/peers", admin);
    request.query = {{"limit", "2"}};
    if (!cursor.empty()) request.query["cursor"] = cursor;
    const Json page = json_of(cell.send(request));
    for (const Json& item : page["items"]) seen.insert(item["name"].get<std::string>());
    cursor = json_string(page, "next_cursor");
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen.size(), 5u);
}

TEST_F(PeersApiTest, RekeyAnswersTheNewConfiguration) {
  const Json made = add(admin, {{"name", "phone"}});
  const std::string key = new_key();
  const Json again = json_of(cell.send("POST", path_of(made, "/rekey"), admin, {{"public_key", key}}));
  EXPECT_EQ(again["public_key"], key);
  EXPECT_EQ(again["key_origin"], "browser");
  EXPECT_NE(again["config"].get<std::string>().find("<PRIVATE_KEY>"), std::string::npos);
  EXPECT_EQ(json_of(cell.send("POST", path_of(made, "/rekey"), admin))["key_origin"], "server");
}

TEST_F(PeersApiTest, ADeviceWhoseKeyCameBackWithARevisionNeedsANewOne) {
  const Json made = add(admin, {{"name", "phone"}});
  EXPECT_FALSE(made.contains("needs_new_key"));
  const Json before = cell.config->snapshot()->root;
  ASSERT_EQ(cell.send("POST", path_of(made, "/rekey"), admin).status, 200);
  ASSERT_TRUE(cell.config->commit({}, [&](Json& root) -> Result<void> {
    root = before;
    return {};
  }));

  EXPECT_EQ(json_of(cell.send("GET", path_of(made), admin))["needs_new_key"], true);
  const http::Response gone = cell.send("GET", path_of(made, "/config"), admin);
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(json_of(gone)["hint"], "give the device a new key");
  EXPECT_FALSE(json_of(cell.send("POST", path_of(made, "/rekey"), admin)).contains("needs_new_key"));
}

TEST_F(PeersApiTest, EmptyTrafficAndDiagnosisOfADeviceThatNeverCame) {
  const Json made = add(peer, {{"name", "phone"}});
  EXPECT_EQ(json_of(cell.send("GET", path_of(made, "/traffic"), peer)),
            (Json{{"range", "24h"}, {"step_s", 600}, {"points", Json::array()}}));
  http::Request wrong = ApiState::request("GET", path_of(made, "/traffic"), peer);
  wrong.query = {{"range", "2d"}};
  EXPECT_EQ(cell.send(wrong).status, 400);
  EXPECT_EQ(json_of(cell.send("GET", path_of(made, "/diagnosis"), peer))["steps"].size(), 4u);
}

struct EnrolTest : PeersApiTest {
  Json device;
  void SetUp() override {
    PeersApiTest::SetUp();
    ASSERT_TRUE(cell.config->commit({}, [](Json& root) -> Result<void> {
      root["identity"]["endpoint_host"] = "192.0.2.7";
      return {};
    }));
    device = add(admin, {{"name", "phone"}, {"public_key", new_key()}});
  }
  std::string new_token(const Json& of) {
    const http::Response made = cell.send("POST", path_of(of, "/links"), admin, {{"expires_in", 600}});
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(json_of(made)["url"],
              "http://192.0.2.7:8081/enrol/" + json_of(made)["token"].get<std::string>());
    return json_of(made)["token"];
  }
  http::Response enrol(const std::string& token, const Json& body = Json::object()) {
    return cell.send("POST", "/api/enrol/" + token, {}, body);
  }
};

TEST_F(EnrolTest, LookingTellsWhatTheLinkIsForAndUsesNothingUp) {
  const std::string token = new_token(device);
  for (int i = 0; i < 2; ++i) {
    const Json info = json_of(cell.send("GET", "/api/enrol/" + token));
    EXPECT_EQ(info["peer_name"], "phone");
    EXPECT_EQ(info["cell_name"], "home");
    EXPECT_EQ(info["key_needed"], true);
  }
}

TEST_F(EnrolTest, DeviceBringsItsOwnKey) {
  const std::string token = new_token(device);
  const std::string key = new_key();
  const http::Response done = enrol(token, {{"public_key", key}});
  EXPECT_EQ(done.status, 200);
  EXPECT_NE(json_of(done)["config"].get<std::string>().find("<PRIVATE_KEY>"), std::string::npos);
  EXPECT_EQ(json_of(cell.send("GET", path_of(device), admin))["public_key"], key);
  EXPECT_EQ(enrol(token, {{"public_key", new_key()}}).status, 404);
  EXPECT_EQ(cell.send("GET", "/api/enrol/" + token).status, 404);
}

TEST_F(EnrolTest, WithoutAKeyTheCellMakesOneThatItDoesNotKeep) {
  const http::Response done = enrol(new_token(device));
  EXPECT_EQ(json_of(done)["config"].get<std::string>().find("<PRIVATE_KEY>"), std::string::npos);
  EXPECT_EQ(json_of(cell.send("GET", path_of(device), admin))["config_available"], false);
}

TEST_F(EnrolTest, KeyThatTheCellHoldsIsGivenOutByTheLink) {
  const Json made = add(admin, {{"name", "tablet"}});
  const std::string token = new_token(made);
  EXPECT_EQ(json_of(cell.send("GET", "/api/enrol/" + token))["key_needed"], false);
  EXPECT_EQ(json_of(enrol(token))["config"], made["config"]);
  EXPECT_EQ(cell.send("POST", path_of(made, "/config"), admin).status, 410);
}

TEST_F(EnrolTest, ExactlyOneOfManyEnrolsTheDevice) {
  const std::string token = new_token(device);
  std::atomic<int> done{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, key = new_key()] {
        done += cell.api.handle(ApiState::request("POST", "/api/enrol/" + token, {}, {{"public_key", key}}))
                            .status == 200
                    ? 1
                    : 0;
      });
    }
  }
  EXPECT_EQ(done, 1);
}

TEST_F(EnrolTest, RefusedKeyDoesNotUseTheLinkUp) {
  const std::string token = new_token(device);
  const Json before = cell.fingerprint();
  EXPECT_EQ(enrol(token, {{"public_key", "nonsense"}}).status, 400);
  EXPECT_EQ(enrol(token, {{"public_key", cell.peers->hub_public_key()}}).status, 409);
  EXPECT_EQ(cell.fingerprint(), before);
  EXPECT_EQ(enrol(token).status, 200);
}

TEST_F(EnrolTest, RevokedLinksAndThoseOfDisabledDevicesDoNotWork) {
  const std::string revoked = new_token(device);
  const Json list = json_of(cell.send("GET", path_of(device, "/links"), admin))["items"];
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(cell.send("DELETE", path_of(device, "/links/" + list[0]["id"].get<std::string>()), admin).status,
            204);
  EXPECT_EQ(enrol(revoked).status, 404);
  const std::string open = new_token(device);
  ASSERT_EQ(cell.send("PATCH", path_of(device), admin, {{"enabled", false}}).status, 200);
  EXPECT_EQ(enrol(open).status, 404);
  ASSERT_EQ(cell.send("DELETE", path_of(device), admin).status, 204);
  EXPECT_EQ(enrol(open).status, 404);
}

TEST_F(EnrolTest, StrangersAreSlowedDown) {
  int limited = 0;
  for (int i = 0; i < 40; ++i) limited += enrol(std::string(43, 'A')).status == 429 ? 1 : 0;
  EXPECT_EQ(limited, 10);
}

TEST_F(EnrolTest, TokenIsInNoAuditLine) {
  const std::string token = new_token(device);
  ASSERT_EQ(enrol(token).status, 200);
  EXPECT_EQ(dump_json(cell.fingerprint()).find(token), std::string::npos);
  EXPECT_NE(dump_json(cell.fingerprint()["audit"]).find("enrolment link"), std::string::npos);
}

TEST_F(PeersApiTest, WireGuardIsShownAndChanged) {
  add(admin, {{"name", "phone"}});
  const http::Response shown = cell.send("GET", "/api/wireguard", admin);
  Json hub = json_of(shown);
  EXPECT_EQ(hub["state"], "pending");
  EXPECT_EQ(hub["peer_count"], 1);
  EXPECT_EQ(hub["hub_addresses"], (Json{"10.13.13.1", "fd12:3456:789a:1::1"}));
  EXPECT_EQ(hub["public_key"], cell.peers->hub_public_key());

  http::Request change = ApiState::request("PATCH", "/api/wireguard", admin,
                                           {{"endpoint_host", "home.example.org"}, {"mtu", 1380}});
  change.headers.emplace("If-Match", "\"" + std::to_string(hub["revision"].get<int>()) + "\"");
  hub = json_of(cell.send(change));
  EXPECT_EQ(hub["settings"]["endpoint_host"], "home.example.org");
  EXPECT_EQ(hub["endpoint"], (Json{{"host", "home.example.org"}, {"port", 51820}}));
  EXPECT_EQ(hub["mtu"], 1380);
  EXPECT_EQ(cell.send(change).status, 412);

  const http::Response wrong =
      cell.send("PATCH", "/api/wireguard", admin, {{"client_allowed_ips", {"10.0.0.0/8", "x"}}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(json_of(wrong)["errors"][0]["pointer"], "/client_allowed_ips/1");
  EXPECT_EQ(cell.send("PATCH", "/api/wireguard", admin, {{"mtu", 100}}).status, 400);
  EXPECT_EQ(json_of(cell.send("GET", "/api/wireguard/traffic", admin))["points"], Json::array());
}

TEST_F(PeersApiTest, WireGuardIsUpOnceTheHubHasADocument) {
  hub::Status status;
  status.up = true;
  status.backend = "userspace";
  status.backend_reason = "no module";
  cell.live->poll(cell.config->snapshot(), status);
  EXPECT_EQ(json_of(cell.send("GET", "/api/wireguard", admin))["state"], "pending");
  status.document_hash = "0123";
  cell.live->poll(cell.config->snapshot(), status);
  const Json up = json_of(cell.send("GET", "/api/wireguard", admin));
  EXPECT_EQ(up["state"], "up");
  EXPECT_EQ(up["backend"], "userspace");
  EXPECT_EQ(up["backend_reason"], "no module");
  cell.live->poll(cell.config->snapshot(), Error{Code::unavailable, "gone"});
  EXPECT_EQ(json_of(cell.send("GET", "/api/wireguard", admin))["state"], "down");
}

}  // namespace
}  // namespace cell::api::test
