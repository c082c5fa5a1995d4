#include <gtest/gtest.h>

#include "caddy/admin.hpp"

namespace cell::caddy {
namespace {

Settings example() {
  Settings settings;
  settings.admin_listen = "unix//var/lib/cell/run/caddy-admin.sock";
  settings.storage_path = "/var/lib/cell/data/caddy";
  settings.routes = {{{"home.cell"}, "unix//var/lib/cell/run/celld.sock", true, "core"}};
  settings.certificates = {
      {"/var/lib/cell/config/caddy/home.crt", "/var/lib/cell/config/caddy/home.key", "01ab"}};
  settings.pki_upstream = "unix//var/lib/cell/run/celld.sock";
  settings.log_level = "WARN";
  return settings;
}

// What every server answers while the program behind it is away.
constexpr const char* kProblem =
    R"({"type":"urn:cell:problem:unavailable","title":"Temporarily not available","status":503,"detail":"the cell's own program is starting, is being updated, or has stopped","hint":"try again in some seconds; if it stays like this, 'make status' on the machine says what runs","request_id":"{http.request.uuid}"})";
constexpr const char* kPage = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="5">
<title>Not there right now</title>
<main style="max-width: 34rem; margin: 20vh auto 0; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif">
<h1 style="font-size: 1.4rem">Not there right now</h1>
<p>What answers at this address is starting, is being updated, or has stopped. This page tries again by itself every
five seconds.</p>
<p>If it stays like this: on the machine, <code>make status</code> says what runs, and <code>make start</code> starts
what does not.</p>
</main>
</html>
)";

Json errors() {
  Json errors = Json::parse(R"({"routes": [
    {"match": [{"path": ["/api/*", "/health", "/metrics"], "vars": {"{http.error.status_code}": ["502", "503", "504"]}}],
     "handle": [{"handler": "static_response", "status_code": 503, "headers": {
       "Content-Type": ["application/problem+json"], "Cache-Control": ["no-store"], "Retry-After": ["5"],
       "Content-Security-Policy": ["default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"]}}],
     "terminal": true},
    {"match": [{"vars": {"{http.error.status_code}": ["502", "503", "504"]}}],
     "handle": [{"handler": "static_response", "status_code": 503, "headers": {
       "Content-Type": ["text/html; charset=utf-8"], "Cache-Control": ["no-store"], "Retry-After": ["5"],
       "Content-Security-Policy": ["default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"]}}],
     "terminal": true}]})");
  errors["routes"][0]["handle"][0]["body"] = kProblem;
  errors["routes"][1]["handle"][0]["body"] = kPage;
  return errors;
}

TEST(CaddyRender, IsThisWholeDocument) {
  Json document = render(example());
  for (const char* name : {"plain", "secure"}) {
    Json& server = document["apps"]["http"]["servers"][name];
    EXPECT_EQ(server["errors"], errors()) << name;
    server.erase("errors");
  }

  EXPECT_EQ(document, Json::parse(R"({
    "admin": {"listen": "unix//var/lib/cell/run/caddy-admin.sock", "config": {"persist": false}},
    "storage": {"module": "file_system", "root": "/var/lib/cell/data/caddy"},
    "logging": {"logs": {"default": {"level": "WARN", "writer": {"output": "stderr"}, "encoder": {"format": "json"}}}},
    "apps": {
      "tls": {"certificates": {"load_files": [
        {"certificate": "/var/lib/cell/config/caddy/home.crt", "key": "/var/lib/cell/config/caddy/home.key", "tags": ["01ab"]}]}},
      "http": {"grace_period": "5s", "servers": {
        "plain": {
          "listen": [":80"], "protocols": ["h1"], "automatic_https": {"disable": true},
          "read_header_timeout": "10s", "idle_timeout": "2m", "max_header_bytes": 65536,
          "routes": [
            {"match": [{"path": ["/pki/*"]}], "terminal": true, "handle": [{
              "handler": "reverse_proxy", "upstreams": [{"dial": "unix//var/lib/cell/run/celld.sock"}],
              "transport": {"protocol": "http", "dial_timeout": "5s",
                            "keep_alive": {"enabled": true, "max_idle_conns_per_host": 16, "idle_timeout": "60s"}}}]},
            {"terminal": true, "handle": [{"handler": "static_response", "status_code": 308,
              "headers": {"Location": ["https://{http.request.host}{http.request.uri}"], "Connection": ["close"]}}]}]},
        "secure": {
          "listen": [":443"], "protocols": ["h1", "h2"], "automatic_https": {"disable": true},
          "read_header_timeout": "10s", "idle_timeout": "2m", "max_header_bytes": 65536,
          "tls_connection_policies": [{"default_sni": "home.cell"}],
          "routes": [
            {"@id": "cell:core", "match": [{"host": ["home.cell"]}], "terminal": true, "handle": [
              {"handler": "headers", "response": {"deferred": true, "set": {"Strict-Transport-Security": ["max-age=31536000"]}}},
              {"handler": "reverse_proxy", "upstreams": [{"dial": "unix//var/lib/cell/run/celld.sock"}],
               "transport": {"protocol": "http", "dial_timeout": "5s",
                             "keep_alive": {"enabled": true, "max_idle_conns_per_host": 16, "idle_timeout": "60s"}}}]},
            {"handle": [{"handler": "static_response", "status_code": 404}], "terminal": true}]}}}}
  })"));
}

TEST(CaddyRender, BeforeTheFirstSetupServesPlainHttpOnly) {
  Settings settings = example();
  settings.routes.clear();
  settings.certificates.clear();

  const Json document = render(settings);

  EXPECT_FALSE(document["apps"].contains("tls"));
  EXPECT_FALSE(document["apps"]["http"]["servers"].contains("secure"));
  EXPECT_EQ(document["admin"]["listen"], "unix//var/lib/cell/run/caddy-admin.sock");
}

TEST(CaddyRender, RedirectsToThePublishedPortOnlyThoseWhoNamedTheOtherOne) {
  Settings settings = example();
  settings.http_port = 8080;
  settings.https_port = 8443;

  const Json routes = render(settings)["apps"]["http"]["servers"]["plain"]["routes"];

  ASSERT_EQ(routes.size(), 3U);
  EXPECT_EQ(routes[1]["match"], Json::parse(R"([{"vars": {"{http.request.port}": ["8080"]}}])"));
  EXPECT_EQ(routes[1]["handle"][0]["headers"]["Location"][0],
            "https://{http.request.host}:8443{http.request.uri}");
  EXPECT_EQ(routes[2]["handle"][0]["headers"]["Location"][0],
            "https://{http.request.host}{http.request.uri}");
}

TEST(CaddyRender, ARenewedCertificateInTheSameFileIsAnotherDocument) {
  Settings renewed = example();
  renewed.certificates[0].tag = "02cd";

  EXPECT_NE(render(example()), render(renewed));
}

TEST(CaddyRender, HostsWithAPublicCertificateAreLeftToCaddy) {
  Settings settings = example();
  settings.routes.push_back({{"cal.example.org"}, "172.20.0.12:5232", false, "calendar"});

  EXPECT_EQ(render(settings)["apps"]["tls"]["certificates"]["automate"],
            Json::parse(R"(["cal.example.org"])"));
}

TEST(CaddyRender, LogFileRolls) {
  Settings settings = example();
  settings.log_file = "/var/lib/cell/data/caddy/caddy.log";

  EXPECT_EQ(
      render(settings)["logging"]["logs"]["default"]["writer"],
      Json::parse(
          R"({"output": "file", "filename": "/var/lib/cell/data/caddy/caddy.log", "roll_size_mb": 5, "roll_keep": 5})"));
}

}  // namespace
}  // namespace cell::caddy
