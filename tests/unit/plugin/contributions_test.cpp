#include "plugin/contributions.hpp"

#include <gmock/gmock.h>

#include "unit/plugin/manifests.hpp"

namespace cell::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Manifest full_manifest() {
  return parsed(native_manifest(R"(
  - {capability: containers, reason: {en: x}}
  - {capability: ports, reason: {en: x}, ports: [{port: 25, protocol: tcp, expose: public}, {port: 993, protocol: tcp, expose: vpn}]}
  - {capability: hosts, reason: {en: x}, hosts: [mail, webmail]}
  - {capability: dns, reason: {en: x}}
  - {capability: exits, reason: {en: x}}
  - {capability: capabilities, reason: {en: x}, capabilities: [CHOWN]}
  - {capability: root, reason: {en: x}})"));
}

Json document(const char* text) {
  auto json = parse_json(text);
  if (!json) throw std::runtime_error(json.error().message);
  return *json;
}

TEST(Contributions, ReadsEverythingOfAService) {
  const auto result = parse_contributions(document(R"({
    "containers": [
      {"name": "smtp", "image": "main", "user": "root", "command": ["run"], "environment": {"A": "b"},
       "files": [{"path": "/etc/probe/main.cf", "content": "x", "mode": "0600", "secret": true}],
       "volumes": [{"volume": "data", "path": "/var/mail"}], "tmpfs": ["/run"],
       "ports": [{"port": 25, "container_port": 2525, "protocol": "tcp", "expose": "public"}],
       "capabilities": ["CHOWN"], "read_only": false, "memory_mb": 128, "on_change": "hup",
       "health": {"command": ["true"], "interval_s": 30}},
      {"name": "web", "image": "main", "user": "900", "after": ["smtp"]}],
    "volumes": [{"name": "data", "backup": "cold"}],
    "routes": [{"to": {"container": "web", "port": 80}, "auth": "login", "headers": {"X-User": "{person}"}},
               {"host": "mail", "redirect": "/x", "auth": "none"}],
    "well_known": [{"name": "caldav", "path": "/dav"}],
    "dns": [{"name": "@", "type": "MX", "value": "10 mail"}, {"name": "a", "type": "A", "value": "{cell}"}],
    "api": [{"method": "GET", "path": "/lists/{id}", "access": "person", "summary": "One", "max_body_kb": 2}],
    "schedules": [{"name": "tidy", "every_s": 3600}],
    "exits": [{"id": "out", "name": {"en": "Out", "de": "Hinaus"}, "container": "web"},
              {"id": "both", "name": {"en": "Both"}, "container": "smtp", "ipv6": true}],
    "ui": {"open": "/"}})"),
                                          full_manifest());

  ASSERT_TRUE(result) << result.error().message;
  const ContainerWish& smtp = result->containers[0];
  EXPECT_EQ(smtp.files[0].mode, 0600U);
  EXPECT_TRUE(smtp.files[0].secret);
  EXPECT_EQ(smtp.ports[0].expose, Expose::open);
  EXPECT_EQ(smtp.ports[0].container_port, 2525);
  EXPECT_EQ(smtp.on_change, OnChange::hup);
  EXPECT_FALSE(smtp.read_only);
  EXPECT_EQ(smtp.health->interval_s, 30);
  EXPECT_EQ(smtp.health->retries, 3);
  EXPECT_TRUE(result->containers[1].read_only);
  EXPECT_THAT(result->containers[1].after, ElementsAre("smtp"));
  EXPECT_EQ(result->volumes[0].backup, Backup::cold);
  EXPECT_EQ(result->routes[0].host, "probe");
  EXPECT_EQ(result->routes[0].auth, RouteAuth::login);
  EXPECT_EQ(result->routes[1].redirect, "/x");
  EXPECT_EQ(result->dns[0].ttl, 300U);
  EXPECT_FALSE(result->api[0].admin);
  EXPECT_EQ(result->api[0].max_body, 2048U);
  EXPECT_EQ(result->schedules[0].every_s, 3600);
  ASSERT_EQ(result->exits.size(), 2U);
  EXPECT_EQ(result->exits[0].id, "out");
  EXPECT_EQ(result->exits[0].container, "web");
  EXPECT_EQ(in_language(result->exits[0].name, "de"), "Hinaus");
  EXPECT_FALSE(result->exits[0].ipv6);
  EXPECT_TRUE(result->exits[1].ipv6);
  EXPECT_EQ(result->ui["open"], "/");
}

struct Wrong {
  const char* name;
  std::string text;
  const char* pointer;
  const char* part_of_detail;
};

std::string web(const std::string& members) {
  return R"({"containers": [{"name": "web", "image": "main", "user": "900")" +
         (members.empty() ? "" : ", " + members) + "}]}";
}

class ContributionsRefuse : public testing::TestWithParam<Wrong> {};

TEST_P(ContributionsRefuse, WhatDoesNotFitTogether) {
  const auto result = parse_contributions(document(GetParam().text.c_str()), full_manifest());

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::invalid_argument);
  EXPECT_EQ(result.error().fields[0].pointer, GetParam().pointer);
  EXPECT_THAT(result.error().fields[0].detail, HasSubstr(GetParam().part_of_detail));
}

INSTANTIATE_TEST_SUITE_P(
    Documents, ContributionsRefuse,
    testing::Values(
        Wrong{"unknown_member", R"({"privileged": true})", "/privileged", "unknown field"},
        Wrong{"privileged_container", web(R"("privileged": true)"), "/containers/0/privileged",
              "unknown field"},
        Wrong{"host_network", web(R"("network_mode": "host")"), "/containers/0/network_mode",
              "unknown field"},
        Wrong{"unknown_image", R"({"containers": [{"name": "web", "image": "other", "user": "900"}]})",
              "/containers/0/image", "'other' is no image"},
        Wrong{"unknown_volume", web(R"("volumes": [{"volume": "data", "path": "/data"}])"),
              "/containers/0/volumes/0/volume", "'data' is no volume"},
        Wrong{"file_with_dots", web(R"("files": [{"path": "/etc/x/../passwd", "content": ""}])"),
              "/containers/0/files/0/path", "must be an absolute path"},
        Wrong{"file_in_etc", web(R"("files": [{"path": "/etc/passwd", "content": ""}])"),
              "/containers/0/files/0/path", "the folder '/etc' is a folder that the image needs"},
        Wrong{"file_in_usr_bin", web(R"("files": [{"path": "/usr/bin/x/y", "content": ""}])"),
              "/containers/0/files/0/path", "where the image's programs"},
        Wrong{"volume_over_proc",
              R"({"volumes": [{"name": "d", "backup": "hot"}], "containers": [{"name": "web", "image": "main",
                  "user": "900", "volumes": [{"volume": "d", "path": "/proc/sys"}]}]})",
              "/containers/0/volumes/0/path", "the kernel's files"},
        Wrong{"two_mounts_at_one_place", web(R"("tmpfs": ["/data", "/data"])"), "/containers/0/tmpfs/1",
              "something else is mounted"},
        Wrong{"mount_over_files", web(R"("files": [{"path": "/conf/x", "content": ""}], "tmpfs": ["/conf"])"),
              "/containers/0/tmpfs/0", "holds files of the container"},
        Wrong{"waits_for_itself", web(R"("after": ["web"])"), "/containers/0/after/0",
              "is the container itself"},
        Wrong{"wait_in_a_ring",
              R"({"containers": [{"name": "a", "image": "main", "user": "9", "after": ["b"]},
                                 {"name": "b", "image": "main", "user": "9", "after": ["a"]}]})",
              "/containers/0/after", "waits for a container that waits for this one"},
        Wrong{"container_twice",
              R"({"containers": [{"name": "a", "image": "main"}, {"name": "a", "image": "main"}]})",
              "/containers/1", "'a' stands there twice"},
        Wrong{"port_twice",
              web(R"("ports": [{"port": 25, "container_port": 1, "protocol": "tcp", "expose": "vpn"},
                               {"port": 25, "container_port": 2, "protocol": "tcp", "expose": "vpn"}])"),
              "/containers/0/ports/1", "port 25 is given twice"},
        Wrong{"route_to_nothing", R"({"routes": [{"auth": "none"}]})", "/routes/0",
              "needs 'to' or 'redirect'"},
        Wrong{"web_ui_without_login", R"({"routes": [{"auth": "none", "redirect": "/x", "web_ui": true}]})",
              "/routes/0/web_ui", "only for a route with 'to'"},
        Wrong{"route_to_unknown", R"({"routes": [{"auth": "none", "to": {"container": "x", "port": 1}}]})",
              "/routes/0/to/container", "'x' is no container"},
        Wrong{"person_without_login",
              R"({"routes": [{"auth": "none", "redirect": "/x", "headers": {"X-User": "{person}"}}]})",
              "/routes/0/headers/X-User", "'{person}' is known only"},
        Wrong{"address_that_is_none", R"({"dns": [{"name": "a", "type": "A", "value": "1.2.3"}]})",
              "/dns/0/value", "must be an IPv4 address"},
        Wrong{"challenge_of_the_authority", R"({"well_known": [{"name": "acme-challenge", "path": "/x"}]})",
              "/well_known/0/name", "belongs to the cell itself"},
        Wrong{"exit_of_no_container", R"({"exits": [{"id": "a", "name": {"en": "A"}, "container": "x"}]})",
              "/exits/0/container", "'x' is no container"},
        Wrong{"two_exits_of_one_container",
              R"({"containers": [{"name": "web", "image": "main", "user": "900"}],
                  "exits": [{"id": "a", "name": {"en": "A"}, "container": "web"},
                            {"id": "b", "name": {"en": "B"}, "container": "web"}]})",
              "/exits/1/container", "'web' is an exit already"},
        Wrong{"exit_without_english_name",
              R"({"exits": [{"id": "a", "name": {"de": "A"}, "container": "x"}]})", "/exits/0/name/en",
              "missing"},
        Wrong{"exit_with_a_slash", R"({"exits": [{"id": "a/b", "name": {"en": "A"}, "container": "x"}]})",
              "/exits/0/id", ""},
        Wrong{"rest_in_the_middle",
              R"({"api": [{"method": "GET", "path": "/{a*}/b", "access": "admin", "summary": "x"}]})",
              "/api/0/path", "must be the last part"},
        Wrong{"parameter_twice",
              R"({"api": [{"method": "GET", "path": "/{a}/{a}", "access": "admin", "summary": "x"}]})",
              "/api/0/path", "'{a}' stands there twice"}),
    [](const auto& test) { return test.param.name; });

class ContributionsForbid : public testing::TestWithParam<Wrong> {};

TEST_P(ContributionsForbid, WhatTheManifestDoesNotAskFor) {
  const Manifest manifest = GetParam().name[0] == '_' ? parsed(native_manifest()) : full_manifest();

  const auto result = parse_contributions(document(GetParam().text.c_str()), manifest);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::forbidden);
  EXPECT_EQ(result.error().reason, "permission");
  EXPECT_EQ(result.error().fields[0].pointer, GetParam().pointer);
  EXPECT_THAT(result.error().fields[0].detail, HasSubstr(GetParam().part_of_detail));
}

// Names that begin with "_" are held against a manifest without permissions.
INSTANTIATE_TEST_SUITE_P(
    Documents, ContributionsForbid,
    testing::Values(
        Wrong{"_containers", web(""), "/containers", "does not ask for 'containers'"},
        Wrong{"_dns", R"({"dns": [{"name": "a", "type": "TXT", "value": "x"}]})", "/dns",
              "does not ask for 'dns'"},
        Wrong{"unlisted_port",
              web(R"("ports": [{"port": 143, "container_port": 1, "protocol": "tcp", "expose": "vpn"}])"),
              "/containers/0/ports/0", "does not ask for port 143/tcp"},
        Wrong{"other_protocol",
              web(R"("ports": [{"port": 25, "container_port": 1, "protocol": "udp", "expose": "vpn"}])"),
              "/containers/0/ports/0", "does not ask for port 25/udp"},
        Wrong{"wider_than_asked",
              web(R"("ports": [{"port": 993, "container_port": 1, "protocol": "tcp", "expose": "public"}])"),
              "/containers/0/ports/0/expose", "only towards 'vpn'"},
        Wrong{"port_of_the_cell",
              web(R"("ports": [{"port": 443, "container_port": 1, "protocol": "tcp", "expose": "lan"}])"),
              "/containers/0/ports/0", "belongs to the cell or the machine"},
        Wrong{"unlisted_host", R"({"routes": [{"host": "bank", "redirect": "/", "auth": "none"}]})",
              "/routes/0/host", "the host 'bank'"},
        Wrong{"unlisted_capability", web(R"("capabilities": ["NET_ADMIN"])"), "/containers/0/capabilities/0",
              "'NET_ADMIN'"},
        Wrong{"unlisted_device", web(R"("devices": ["/dev/net/tun"])"), "/containers/0/devices/0",
              "'/dev/net/tun'"}),
    [](const auto& test) {
      return std::string(test.param.name[0] == '_' ? "without" : "") + test.param.name;
    });

TEST(Contributions, AnExitNeedsItsPermission) {
  const Manifest manifest = parsed(native_manifest("[{capability: containers, reason: {en: x}}]"));

  const auto result =
      parse_contributions(document(R"({"containers": [{"name": "web", "image": "main", "user": "900"}],
                                      "exits": [{"id": "a", "name": {"en": "A"}, "container": "web"}]})"),
                          manifest);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::forbidden);
  EXPECT_EQ(result.error().fields[0].pointer, "/exits");
  EXPECT_EQ(result.error().fields[0].detail, "the manifest does not ask for 'exits'");
}

TEST(Contributions, RootNeedsItsPermission) {
  const Manifest manifest = parsed(native_manifest("[{capability: containers, reason: {en: x}}]"));

  for (const char* user : {R"("user": "root")", R"("user": "0:0")", R"("user": "00")"}) {
    const auto result = parse_contributions(
        document(
            (std::string(R"({"containers": [{"name": "web", "image": "main", )") + user + "}]}").c_str()),
        manifest);

    ASSERT_FALSE(result) << user;
    EXPECT_EQ(result.error().fields[0].pointer, "/containers/0/user") << user;
  }
}

TEST(Contributions, ContainerOfNoKnownUserCountsAsRoot) {
  const auto result =
      parse_contributions(document(R"({"containers": [{"name": "web", "image": "main"}]})"),
                          parsed(native_manifest("[{capability: containers, reason: {en: x}}]")));

  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("says no 'user'"));
}

}  // namespace
}  // namespace cell::plugin
