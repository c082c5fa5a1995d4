#include <cell/contributions.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

TEST(Contributions, OfNothingAreAnEmptyDocument) { EXPECT_EQ(dump_json(to_json(Contributions{})), "{}"); }

TEST(Contributions, LeaveOutWhatIsNotSaid) {
  Contributions contributions;
  contributions.containers.push_back({.name = "server", .image = "server"});
  contributions.routes.push_back({.to = Target{"server", 8080}});

  EXPECT_EQ(to_json(contributions), Json::parse(R"({
    "containers": [{"name": "server", "image": "server"}],
    "routes": [{"to": {"container": "server", "port": 8080}, "auth": "login"}]
  })"));
}

TEST(Contributions, SayEverythingThatTheSchemaKnows) {
  Contributions all;
  all.containers.push_back(
      {.name = "server",
       .image = "server",
       .command = {"serve", "--all"},
       .environment = {{"TZ", "UTC"}},
       .files = {{.path = "/etc/x/x.conf", .content = "a", .mode = "0640", .secret = true}},
       .volumes = {{.volume = "data", .path = "/data", .read_only = true}},
       .tmpfs = {"/run"},
       .ports = {{.port = 25, .container_port = 2525, .expose = Expose::open},
                 {.port = 53, .container_port = 53, .protocol = Protocol::udp}},
       .user = "mail",
       .capabilities = {"CHOWN"},
       .devices = {"/dev/net/tun"},
       .sysctls = {{"net.ipv4.ip_forward", "1"}},
       .read_only = false,
       .memory_mb = 64,
       .pids = 32,
       .on_change = OnChange::hup,
       .after = {"database"},
       .health = Health{.command = {"check"}, .interval_s = 5}});
  all.volumes = {{.name = "data", .backup = Backup::cold}, {.name = "cache", .backup = Backup::skip}};
  all.routes = {{.host = "mail",
                 .path = "/x",
                 .to = Target{"server", 80},
                 .auth = RouteAuth::admin,
                 .strip_prefix = true,
                 .max_body_mb = 10,
                 .headers = {{"X-Person", "{person}"}},
                 .web_ui = true},
                {.path = "/old", .redirect = "/new", .auth = RouteAuth::none}};
  all.well_known = {{.name = "caldav", .path = "/dav"}};
  all.dns = {{.name = "@", .type = "MX", .value = "10 mail", .ttl = 60}};
  all.api = {{.method = "PUT", .path = "/a/{b}", .summary = "S", .access = Access::person, .max_body_kb = 8}};
  all.schedules = {{.name = "tidy", .every_s = 3600}};
  all.exits = {{.id = "out", .name = {{"en", "Out"}}, .container = "server", .ipv6 = true}};

  EXPECT_EQ(to_json(all), Json::parse(R"({
    "containers": [{
      "name": "server", "image": "server", "command": ["serve", "--all"], "environment": {"TZ": "UTC"},
      "files": [{"path": "/etc/x/x.conf", "content": "a", "mode": "0640", "secret": true}],
      "volumes": [{"volume": "data", "path": "/data", "read_only": true}], "tmpfs": ["/run"],
      "ports": [{"port": 25, "container_port": 2525, "protocol": "tcp", "expose": "public"},
                {"port": 53, "container_port": 53, "protocol": "udp", "expose": "none"}],
      "user": "mail", "capabilities": ["CHOWN"], "devices": ["/dev/net/tun"],
      "sysctls": {"net.ipv4.ip_forward": "1"}, "read_only": false, "memory_mb": 64, "pids": 32,
      "on_change": "hup", "after": ["database"], "health": {"command": ["check"], "interval_s": 5}}],
    "volumes": [{"name": "data", "backup": "cold"}, {"name": "cache", "backup": "skip"}],
    "routes": [{"host": "mail", "path": "/x", "to": {"container": "server", "port": 80}, "auth": "admin",
                "strip_prefix": true, "web_ui": true, "max_body_mb": 10, "headers": {"X-Person": "{person}"}},
               {"path": "/old", "redirect": "/new", "auth": "none"}],
    "well_known": [{"name": "caldav", "path": "/dav"}],
    "dns": [{"name": "@", "type": "MX", "value": "10 mail", "ttl": 60}],
    "api": [{"method": "PUT", "path": "/a/{b}", "access": "person", "summary": "S", "max_body_kb": 8}],
    "schedules": [{"name": "tidy", "every_s": 3600}],
    "exits": [{"id": "out", "name": {"en": "Out"}, "container": "server", "ipv6": true}]
  })"));
}

TEST(Ui, SaysClientsAndPanels) {
  const Ui ui{
      .clients = {{.title = {{"en", "Calendar"}}, .kind = "caldav", .value = "https://x"}},
      .panels =
          {Table{.title = {{"en", "Notes"}},
                 .path = "/notes",
                 .columns = {{.title = {{"en", "Id"}}, .field = "id", .kind = "number"}},
                 .empty = {{"en", "None"}},
                 .create = Create{.title = {{"en", "New"}}, .path = "/notes", .schema = {{"type", "object"}}},
                 .remove = Delete{.title = {{"en", "Delete"}}, .path = "/notes/{id}"}},
           Action{.title = {{"en", "Go"}}, .path = "/go", .dangerous = true},
           Stat{.title = {{"en", "Now"}}, .path = "/now", .items = {{.title = {{"en", "N"}}, .field = "n"}}}},
      .open = "https://y"};

  EXPECT_EQ(to_json(ui), Json::parse(R"({
    "clients": [{"title": {"en": "Calendar"}, "kind": "caldav", "value": "https://x"}],
    "panels": [
      {"kind": "table", "title": {"en": "Notes"}, "path": "/notes",
       "columns": [{"title": {"en": "Id"}, "field": "id", "kind": "number"}], "empty": {"en": "None"},
       "create": {"title": {"en": "New"}, "path": "/notes", "schema": {"type": "object"}},
       "delete": {"title": {"en": "Delete"}, "path": "/notes/{id}"}},
      {"kind": "action", "title": {"en": "Go"}, "path": "/go", "dangerous": true},
      {"kind": "stat", "title": {"en": "Now"}, "path": "/now", "items": [{"title": {"en": "N"}, "field": "n"}]}],
    "open": "https://y"
  })"));
}

}  // namespace
}  // namespace cell::sdk
