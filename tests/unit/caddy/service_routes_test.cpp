#include <gtest/gtest.h>

#include "caddy/admin.hpp"

namespace cell::caddy {
namespace {

Json routes_for(std::vector<Route> routes) {
  Settings settings;
  settings.routes = std::move(routes);
  settings.routes.push_back({{"home.cell"}, "unix//run/celld.sock", true, "core"});
  settings.certificates = {{"/c", "/k", "1"}};
  return render(settings)["apps"]["http"]["servers"]["secure"]["routes"];
}

Json names_of(const Json& handlers) {
  Json names = Json::array();
  for (const Json& handler : handlers) names.push_back(handler["handler"]);
  return names;
}

TEST(CaddyServiceRoute, APrefixLeadsToItsContainer) {
  Route route{{"notes.home.cell"}, "172.20.0.16:80", true, "notes-0"};
  route.path = "/dav";
  route.strip_prefix = true;
  route.max_body_bytes = 1'048'576;

  const Json site = routes_for({route})[0];

  EXPECT_EQ(site["@id"], "cell:notes-0");
  EXPECT_EQ(site["match"], Json::parse(R"([{"host": ["notes.home.cell"], "path": ["/dav", "/dav/*"]}])"));
  EXPECT_EQ(names_of(site["handle"]),
            Json::parse(R"(["headers", "request_body", "rewrite", "reverse_proxy"])"));
  EXPECT_EQ(site["handle"][1]["max_size"], 1'048'576);
  EXPECT_EQ(site["handle"][2]["strip_path_prefix"], "/dav");
  EXPECT_EQ(site["handle"][3]["upstreams"], Json::parse(R"([{"dial": "172.20.0.16:80"}])"));
}

TEST(CaddyServiceRoute, ARedirectNamesTheHostAndPortThatWereAskedFor) {
  Route route{{"home.cell"}, {}, true, "calendar-1"};
  route.path = "/.well-known/caldav";
  route.redirect = "/dav/";
  route.redirect_label = "calendar";

  EXPECT_EQ(routes_for({route})[0]["handle"][1],
            Json::parse(R"({"handler": "static_response", "status_code": 301,
                            "headers": {"Location": ["https://calendar.{http.request.hostport}/dav/"]}})"));
}

TEST(CaddyServiceRoute, AGuardIsAskedFirstAndNobodyNamesThemselves) {
  Route route{{"notes.home.cell"}, "172.20.0.16:80", true, "notes-0"};
  route.guard = Guard{"unix//run/celld.sock", "/check?role=any", "/accept", "X-Cell-Person"};
  route.request_headers = {{"X-User", "u:{person}"}};

  const Json routes = routes_for({route});

  EXPECT_EQ(routes[0]["match"], Json::parse(R"([{"host": ["notes.home.cell"], "path": ["/accept"]}])"));
  EXPECT_EQ(routes[0]["handle"][1]["upstreams"], Json::parse(R"([{"dial": "unix//run/celld.sock"}])"));
  const Json handle = routes[1]["handle"];
  EXPECT_EQ(names_of(handle), Json::parse(R"(["headers", "headers", "reverse_proxy", "reverse_proxy"])"));
  EXPECT_EQ(handle[1]["request"]["delete"],
            Json::parse(
                R"(["Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Cell-Person", "X-Cell-Person"])"));
  EXPECT_EQ(handle[2]["rewrite"], Json::parse(R"({"method": "GET", "uri": "/check?role=any"})"));
  EXPECT_EQ(handle[2]["handle_response"],
            Json::parse(R"([{"match": {"status_code": [2]}, "routes": [{"handle": [
    {"handler": "headers", "request": {"set": {"X-User": ["u:{http.reverse_proxy.header.X-Cell-Person}"]}}}]}]}])"));
}

TEST(CaddyServiceRoute, WhatOthersWroteIsNeverReplacedByCaddy) {
  Route route{{"notes.home.cell"}, "172.20.0.16:80", true, "notes-0"};
  route.request_headers = {{"X-A", "{env.SECRET} {person}"}};

  const Json handle = routes_for({route})[0]["handle"];

  EXPECT_EQ(handle[2]["request"]["set"]["X-A"], Json::parse(R"(["\\{env.SECRET\\} "])"));
}

TEST(CaddyServiceRoute, WhoComesByAddressSeesTheCellsOwnCertificate) {
  Settings settings;
  settings.routes = {{{"notes.home.cell"}, "172.20.0.16:80", true, "notes-0"},
                     {{"home.cell"}, "x:1", true, "core"}};
  settings.certificates = {{"/c", "/k", "1"}};

  EXPECT_EQ(render(settings)["apps"]["http"]["servers"]["secure"]["tls_connection_policies"],
            Json::parse(R"([{"default_sni": "home.cell"}])"));
}

}  // namespace
}  // namespace cell::caddy
