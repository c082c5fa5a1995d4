#include "domain/proxy/document.hpp"

#include <gtest/gtest.h>

#include "unit/support/place.hpp"

namespace cell::proxy {
namespace {

using cell::test::sample_place;
using cell::test::sample_root;

const caddy::CertificateFiles kCertificate{"/cell/config/caddy/certificates/server.pem",
                                           "/cell/config/caddy/certificates/server.key", "4a5b"};

Json parsed(const char* text) { return Json::parse(text); }

TEST(CaddyDocument, IsThisWholeDocument) {
  const auto document = caddy_document(sample_root(), sample_place(), kCertificate);

  EXPECT_EQ(document.container, "cell-caddy");
  EXPECT_EQ(document.saved, "/cell/config/caddy/caddy.json");
  EXPECT_TRUE(document.files.empty());
  Json without_errors = document.document;  // those are core/caddy's own
  for (Json& server : without_errors["apps"]["http"]["servers"]) EXPECT_EQ(server.erase("errors"), 1U);
  EXPECT_EQ(without_errors, parsed(R"({
    "admin": {"listen": "unix//cell/run/caddy-admin.sock", "config": {"persist": false}},
    "storage": {"module": "file_system", "root": "/cell/data/caddy"},
    "logging": {"logs": {"default": {"level": "INFO", "writer": {"output": "stderr"}, "encoder": {"format": "json"}}}},
    "apps": {
      "http": {
        "grace_period": "5s",
        "servers": {
          "plain": {
            "listen": [":80"], "protocols": ["h1"], "automatic_https": {"disable": true},
            "read_header_timeout": "10s", "idle_timeout": "2m", "max_header_bytes": 65536,
            "routes": [
              {"match": [{"path": ["/pki/*"]}],
               "handle": [{"handler": "reverse_proxy", "upstreams": [{"dial": "unix//cell/run/celld.sock"}],
                           "transport": {"protocol": "http", "dial_timeout": "5s",
                                         "keep_alive": {"enabled": true, "max_idle_conns_per_host": 16, "idle_timeout": "60s"}}}],
               "terminal": true},
              {"handle": [{"handler": "static_response", "status_code": 308,
                           "headers": {"Location": ["https://{http.request.host}{http.request.uri}"], "Connection": ["close"]}}],
               "terminal": true}]
          },
          "secure": {
            "listen": [":443"], "protocols": ["h1", "h2"], "automatic_https": {"disable": true},
            "read_header_timeout": "10s", "idle_timeout": "2m", "max_header_bytes": 65536,
            "routes": [
              {"@id": "cell:core", "match": [{"host": ["home.cell"]}],
               "handle": [{"handler": "headers", "response": {"set": {"Strict-Transport-Security": ["max-age=31536000"]}, "deferred": true}},
                          {"handler": "reverse_proxy", "upstreams": [{"dial": "unix//cell/run/celld.sock"}],
                           "transport": {"protocol": "http", "dial_timeout": "5s",
                                         "keep_alive": {"enabled": true, "max_idle_conns_per_host": 16, "idle_timeout": "60s"}}}],
               "terminal": true},
              {"handle": [{"handler": "static_response", "status_code": 404}], "terminal": true}],
            "tls_connection_policies": [{"default_sni": "home.cell"}]
          }
        }
      },
      "tls": {"certificates": {"load_files": [{"certificate": "/cell/config/caddy/certificates/server.pem",
                                               "key": "/cell/config/caddy/certificates/server.key", "tags": ["4a5b"]}]}}
    }
  })"));
}

TEST(CaddyDocument, WithoutACertificateServesPlainHttpOnly) {
  const auto before_setup =
      caddy_document(settings::initial_document("fd12:3456:789a:1::/64"), sample_place(), std::nullopt);
  const auto without = caddy_document(sample_root(), sample_place(), std::nullopt);

  EXPECT_EQ(before_setup.document, without.document);
  EXPECT_FALSE(without.document["apps"].contains("tls"));
  EXPECT_FALSE(without.document["apps"]["http"]["servers"].contains("secure"));
  EXPECT_EQ(without.document["apps"]["http"]["servers"]["plain"]["routes"][0]["match"][0]["path"][0],
            "/pki/*");
}

TEST(CaddyDocument, ARenewedCertificateIsAnotherDocument) {
  caddy::CertificateFiles renewed = kCertificate;
  renewed.tag = "6c7d";

  EXPECT_NE(caddy_document(sample_root(), sample_place(), renewed).document,
            caddy_document(sample_root(), sample_place(), kCertificate).document);
}

struct LevelCase {
  const char* ours;
  const char* caddys;
};
class CaddyLevel : public testing::TestWithParam<LevelCase> {};

TEST_P(CaddyLevel, IsTheContainersLevel) {
  Json root = sample_root();
  root["logging"]["containers"]["caddy"] = GetParam().ours;

  const auto document = caddy_document(root, sample_place(), kCertificate);

  EXPECT_EQ(document.document["logging"]["logs"]["default"]["level"], GetParam().caddys);
}

INSTANTIATE_TEST_SUITE_P(All, CaddyLevel,
                         testing::Values(LevelCase{"trace", "DEBUG"}, LevelCase{"debug", "DEBUG"},
                                         LevelCase{"info", "INFO"}, LevelCase{"warn", "WARN"},
                                         LevelCase{"error", "ERROR"}, LevelCase{"critical", "PANIC"},
                                         LevelCase{"nonsense", "INFO"}),
                         [](const auto& test) { return std::string(test.param.ours); });

TEST(CaddyDocument, NoTextReachesItsStructure) {
  const Json sound = caddy_document(sample_root(), sample_place(), kCertificate).document;
  for (const std::string& text : cell::test::hostile_texts()) {
    Json root = sample_root();
    root["logging"]["containers"]["caddy"] = text;
    root["identity"]["domain"]["name"] = text;
    Json document = caddy_document(root, sample_place(), kCertificate).document;
    if (text.empty()) continue;

    Json& secure = document["apps"]["http"]["servers"]["secure"];
    secure["routes"][0]["match"][0]["host"][0] = "home.cell";
    secure["tls_connection_policies"][0]["default_sni"] = "home.cell";
    document["logging"]["logs"]["default"]["level"] = "INFO";
    EXPECT_EQ(document, sound) << text;
  }
}

}  // namespace
}  // namespace cell::proxy
