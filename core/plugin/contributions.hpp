#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "plugin/manifest.hpp"

namespace cell::plugin {

enum class Expose { none, vpn, lan, open };  // `open` is "public" in JSON
enum class OnChange { restart, hup, usr1, nothing };
enum class Backup { hot, cold, skip };
enum class RouteAuth { none, login, admin };

struct PortWish {
  std::uint16_t port = 0;  // on the machine and at the hub's address
  std::uint16_t container_port = 0;
  bool is_tcp = true;
  Expose expose = Expose::none;
};

struct ContainerFile {
  std::string path;  // its folder is the cell's: what the image has in it is hidden
  std::string content;
  unsigned mode = 0644;
  bool secret = false;
};

struct VolumeUse {
  std::string volume;
  std::string path;
  bool read_only = false;
};

struct Health {
  std::vector<std::string> command;
  int interval_s = 10, timeout_s = 5, start_period_s = 10, retries = 3;
};

struct ContainerWish {
  std::string name;
  std::string image;  // key of Manifest::images
  std::vector<std::string> command;
  std::map<std::string, std::string> environment;
  std::vector<ContainerFile> files;
  std::vector<VolumeUse> volumes;
  std::vector<std::string> tmpfs;
  std::vector<PortWish> ports;
  std::string user;
  std::vector<std::string> capabilities;
  std::vector<std::string> devices;
  std::map<std::string, std::string> sysctls;
  bool read_only = true;
  std::int64_t memory_mb = 0;  // 0: no limit
  std::int64_t pids = 0;
  OnChange on_change = OnChange::restart;
  std::vector<std::string> after;
  std::optional<Health> health;
};

struct VolumeWish {
  std::string name;
  Backup backup = Backup::hot;
};

struct RouteWish {
  std::string host;        // label under the cell's domain
  std::string path = "/";  // prefix
  std::string container;   // empty with `redirect`
  std::uint16_t port = 0;
  std::string redirect;
  RouteAuth auth = RouteAuth::login;
  bool strip_prefix = false;
  bool web_ui = false;           // pages of the cell's web UI ask it themselves
  std::int64_t max_body_mb = 0;  // 0: no limit of the proxy's own
  std::map<std::string, std::string> headers;
};

struct WellKnown {  // https://<domain>/.well-known/<name> → redirect to `path` at the service's host
  std::string name;
  std::string path;
};

struct DnsWish {
  std::string name, type, value;
  std::uint32_t ttl = 300;
};

struct ApiWish {  // below /api/services/<id>
  std::string method, path, summary;
  bool admin = true;  // else any person
  std::size_t max_body = 64 * 1024;
};

struct ScheduleWish {
  std::string name;
  std::int64_t every_s = 0;
};

struct ExitWish {  // another way out to the internet for devices
  std::string id;
  Text name;
  std::string container;
  bool ipv6 = false;  // it carries IPv6 too
};

// What a service is made of: manifests/schema/contributions.json as a type.
struct Contributions {
  std::vector<ContainerWish> containers;
  std::vector<VolumeWish> volumes;
  std::vector<RouteWish> routes;
  std::vector<WellKnown> well_known;
  std::vector<DnsWish> dns;
  std::vector<ApiWish> api;
  std::vector<ScheduleWish> schedules;
  std::vector<ExitWish> exits;
  Json ui;  // descriptors, as they came; an object
};

// Checks the document against the schema, against itself (names that occur twice; volumes, containers and
// images that are named but not there; a folder of files that is not a service's to have, such as /etc) and
// against the manifest's permissions. invalid_argument with a pointer to each wrong place; forbidden with
// reason "permission" and the pointer for what the manifest does not ask for.
Result<Contributions> parse_contributions(const Json& document, const Manifest& manifest);

}  // namespace cell::plugin
