#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/certificate.hpp"
#include "unit/api/fixture.hpp"

// /api/network, /api/vault, /api/proxy and /pki.
namespace cell::api::test {
namespace {

struct NamesTest : testing::Test {
  ApiState cell;
  Ticket admin;

  void SetUp() override {
    cell.add_person("Ann", true);
    cell.complete_setup();
    ASSERT_TRUE(cell.config->commit({}, [](Json& root) -> Result<void> {
      root["identity"]["domain"]["name"] = "home.cell";
      return {};
    }));
    ASSERT_TRUE(cell.names.vault.renew_if_due(cell.config->snapshot()->root));
    admin = cell.ticket("Ann");
  }
  http::Response post(const std::string& path, const Json& body) {
    return cell.send("POST", path, admin, body);
  }
  static std::string pointer(const http::Response& response) {
    return json_of(response)["errors"][0]["pointer"].get<std::string>();
  }
};

TEST_F(NamesTest, DnsIsShownAsTheUiTakesIt) {
  const http::Response response = cell.send("GET", "/api/network/dns", admin);

  const Json dns = json_of(response);
  EXPECT_EQ(dns["zone"], "home.cell");
  EXPECT_EQ(dns["state"], "ok");
  EXPECT_EQ(dns["upstreams"], (Json{"9.9.9.9", "149.112.112.112"}));
  EXPECT_EQ(dns["listen_port"], 53);
  EXPECT_EQ(
      dns["generated"][0],
      (Json{{"name", "home.cell"}, {"type", "A"}, {"value", "10.13.13.1"}, {"source", "cell"}, {"ttl", 60}}));
  EXPECT_EQ(dns["generated"][4], (Json{{"name", "caddy.home.cell"},
                                       {"type", "A"},
                                       {"value", "10.13.13.1"},
                                       {"source", "container"},
                                       {"ttl", 60}}));
  EXPECT_EQ(response.headers.find("ETag")->second, "\"" + std::to_string(dns["revision"].get<int>()) + "\"");
}

TEST_F(NamesTest, UpstreamsAreChangedAndFollowIfMatch) {
  http::Request request =
      ApiState::request("PATCH", "/api/network/dns", admin, {{"upstreams", {"tls://9.9.9.9#dns.quad9.net"}}});
  request.headers.emplace("If-Match", "\"0\"");
  EXPECT_EQ(cell.send(request).status, 412);
  request.headers.erase("If-Match");
  EXPECT_EQ(json_of(cell.send(request))["upstreams"], (Json{"tls://9.9.9.9#dns.quad9.net"}));

  const http::Response wrong =
      cell.send("PATCH", "/api/network/dns", admin, {{"upstreams", {"9.9.9.9", "evil }"}}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(pointer(wrong), "/upstreams/1");
}

TEST_F(NamesTest, RecordsLiveTheirLife) {
  const http::Response made =
      post("/api/network/dns/records",
           {{"name", "nas"}, {"type", "A"}, {"value", "192.168.1.20"}, {"ttl", 300}, {"comment", "cellar"}});
  ASSERT_EQ(made.status, 201);
  const std::string id = json_of(made)["id"];
  const std::string path = "/api/network/dns/records/" + id;
  EXPECT_EQ(made.headers.find("Location")->second, path);

  EXPECT_EQ(json_of(cell.send("PATCH", path, admin, {{"value", "192.168.1.21"}, {"comment", ""}})),
            (Json{{"id", id}, {"name", "nas"}, {"type", "A"}, {"value", "192.168.1.21"}, {"ttl", 300}}));
  EXPECT_EQ(json_of(cell.send("GET", path, admin))["value"], "192.168.1.21");
  EXPECT_EQ(json_of(cell.send("GET", "/api/network/dns/records", admin))["items"].size(), 1U);
  EXPECT_EQ(cell.send("DELETE", path, admin).status, 204);
  EXPECT_EQ(cell.send("DELETE", path, admin).status, 404);
  EXPECT_EQ(cell.send("GET", path, admin).status, 404);
}

TEST_F(NamesTest, RecordsPage) {
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_EQ(
        post("/api/network/dns/records", {{"name", name}, {"type", "A"}, {"value", "192.0.2.1"}, {"ttl", 60}})
            .status,
        201);
  }
  http::Request request = ApiState::request("GET", "/api/network/dns/records", admin);
  request.query["limit"] = "2";

  const Json first = json_of(cell.send(request));
  request.query["cursor"] = first["next_cursor"];
  const Json second = json_of(cell.send(request));

  EXPECT_EQ(first["items"].size(), 2U);
  ASSERT_EQ(second["items"].size(), 1U);
  EXPECT_EQ(second["items"][0]["name"], "c");
  EXPECT_FALSE(second.contains("next_cursor"));
}

TEST_F(NamesTest, WrongRecordsNameTheFieldAndChangeNothing) {
  const Json before = cell.config->snapshot()->root;
  const Json good = {{"name", "nas"}, {"type", "A"}, {"value", "192.0.2.1"}, {"ttl", 60}};
  const std::vector<std::tuple<const char*, Json, int, const char*>> cases{
      {"value", "nonsense", 400, "/value"},
      {"name", "a b", 400, "/name"},
      {"name", "", 400, "/name"},
      {"type", "PTR", 400, "/type"},
      {"ttl", 0, 400, "/ttl"},
      {"ttl", "60", 400, "/ttl"},
      {"comment", 5, 400, "/comment"},
      {"colour", "red", 400, "/colour"},
      {"name", "dns", 409, "/name"},
      {"name", "@", 409, "/name"},
      {"comment", "a\nb", 400, "/comment"}};
  for (const auto& [member, value, status, where] : cases) {
    Json body = good;
    body[member] = value;
    const http::Response response = post("/api/network/dns/records", body);
    EXPECT_EQ(response.status, status) << body;
    EXPECT_EQ(pointer(response), where) << body;
  }
  EXPECT_EQ(cell.config->snapshot()->root, before);
}

TEST_F(NamesTest, LookUpAnswersWhatTheServerSaid) {
  cell.names.dns_answer = {
      {{"nas.home.cell", "A", 300, "192.168.1.20"}}, "NOERROR", std::chrono::microseconds{1'400}};

  EXPECT_EQ(json_of(post("/api/network/dns/lookup", {{"name", "nas.home.cell"}, {"type", "A"}})),
            (Json{{"answers",
                   {{{"name", "nas.home.cell"}, {"type", "A"}, {"ttl", 300}, {"value", "192.168.1.20"}}}},
                  {"rcode", "NOERROR"},
                  {"duration_ms", 1.4}}));
  EXPECT_EQ(post("/api/network/dns/lookup", {{"type", "A"}}).status, 400);
}

TEST_F(NamesTest, NtpThatDoesNotAnswerIsDownButShowsItsServers) {
  const Json ntp = json_of(cell.send("GET", "/api/network/ntp", admin));

  EXPECT_EQ(ntp, (Json{{"state", "down"},
                       {"sources", Json::array()},
                       {"servers", {"pool.ntp.org"}},
                       {"stratum", 0},
                       {"offset_s", nullptr},
                       {"synchronised", false},
                       {"listen_port", 123}}));
}

TEST_F(NamesTest, NtpServersAreChanged) {
  EXPECT_EQ(
      json_of(cell.send("PATCH", "/api/network/ntp", admin, {{"servers", {"time.example.org"}}}))["servers"],
      (Json{"time.example.org"}));
  EXPECT_EQ(pointer(cell.send("PATCH", "/api/network/ntp", admin, {{"servers", {"x\ny"}}})), "/servers/0");
}

TEST_F(NamesTest, TheAuthorityIsShownWithoutItsKeys) {
  const http::Response response = cell.send("GET", "/api/vault/ca", admin);

  const Json ca = json_of(response);
  EXPECT_EQ(ca["root"]["subject"], "CN=home cell root 2027");
  EXPECT_EQ(ca["root"]["sha256"].get<std::string>().size(), 95U);
  EXPECT_EQ(ca["intermediate"]["subject"], "CN=home cell intermediate 2027");
  EXPECT_EQ(ca["root_url"], "/pki/root.crt");
  EXPECT_EQ(response.body.find("PRIVATE"), std::string::npos);
}

TEST_F(NamesTest, CertificatesAreListedForVaultAndProxy) {
  for (const char* path : {"/api/vault/certificates", "/api/proxy/certificates"}) {
    const Json items = json_of(cell.send("GET", path, admin))["items"];
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0]["names"], (Json{"home.cell", "*.home.cell"}));
    EXPECT_EQ(items[0]["issuer"], "CN=home cell intermediate 2027");
    EXPECT_EQ(items[0]["state"], "ok");
  }
  EXPECT_EQ(
      json_of(cell.send("GET", "/api/proxy/routes", admin))["items"],
      (Json{{{"hosts", {"home.cell"}}, {"upstream", "unix//cell/run/celld.sock"}, {"source", "core"}}}));
}

TEST_F(NamesTest, TheRootIsForEverybody) {
  const http::Response pem = cell.send("GET", "/pki/root.crt");
  const http::Response der = cell.send("GET", "/pki/root.der");

  ASSERT_EQ(pem.status, 200);
  EXPECT_EQ(pem.content_type, "application/x-x509-ca-cert");
  EXPECT_EQ(der.content_type, "application/x-x509-ca-cert");
  EXPECT_EQ(crypto::pem_to_der(pem.body).value(), der.body);
  EXPECT_EQ(cell.send("GET", "/pki/root.pem").body, pem.body);
  EXPECT_EQ(pem.body.find("PRIVATE"), std::string::npos);
  EXPECT_EQ(cell.send("GET", "/pki/server.key").status, 404);
}

TEST(Pki, IsNotThereBeforeSetup) {
  ApiState cell;

  for (const char* path : {"/pki/root.crt", "/pki/root.pem", "/pki/root.der"})
    EXPECT_EQ(cell.send("GET", path).status, 404) << path;
}

}  // namespace
}  // namespace cell::api::test
