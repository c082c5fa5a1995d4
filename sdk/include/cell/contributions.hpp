#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cell/http.hpp"
#include "cell/json.hpp"
#include "cell/ui.hpp"

// What a service is made of, as plan() answers it: manifests/schema/contributions.json as types. A member
// that is empty, zero or absent is left out of the document, so that the schema's default holds.
namespace cell::sdk {

enum class Protocol { tcp, udp };
// Who reaches a port at the machine's own address. `open` is "public": also the internet.
enum class Expose { none, vpn, lan, open };
enum class OnChange { restart, hup, usr1, nothing };
enum class Backup { hot, cold, skip };
// Who gets past the proxy: none: the service checks its users itself.
enum class RouteAuth { none, login, admin };

struct File {
  std::string path{};  // inside the container; its folder is the cell's: what the image has in it is hidden
  std::string content{};
  std::string mode{};   // octal: "0640"
  bool secret = false;  // never shown in a plan
};
struct VolumeUse {
  std::string volume{};
  std::string path{};
  bool read_only = false;
};
struct Port {
  std::uint16_t port = 0;  // on the machine and at the hub's address
  std::uint16_t container_port = 0;
  Protocol protocol = Protocol::tcp;
  Expose expose = Expose::none;
};
struct Health {
  std::vector<std::string> command{};
  int interval_s = 0, timeout_s = 0, start_period_s = 0, retries = 0;
};
struct Container {
  std::string name{};
  std::string image{};  // key of the manifest's images
  std::vector<std::string> command{};
  std::map<std::string, std::string> environment{};
  std::vector<File> files{};
  std::vector<VolumeUse> volumes{};
  std::vector<std::string> tmpfs{};
  std::vector<Port> ports{};
  std::string user{};
  std::vector<std::string> capabilities{};
  std::vector<std::string> devices{};
  std::map<std::string, std::string> sysctls{};
  bool read_only = true;  // the root file system
  std::int64_t memory_mb = 0;
  std::int64_t pids = 0;
  OnChange on_change = OnChange::restart;
  std::vector<std::string> after{};
  std::optional<Health> health{};
};

struct Volume {
  std::string name{};
  Backup backup = Backup::hot;
};

struct Target {
  std::string container{};
  std::uint16_t port = 0;
};
// https://<host>.<domain of the cell><path>
struct WebRoute {
  std::string host{};  // empty: the service's label
  std::string path{};  // prefix; empty: "/"
  std::optional<Target> to{};
  std::string redirect{};  // instead of `to`
  RouteAuth auth = RouteAuth::login;
  bool strip_prefix = false;
  std::int64_t max_body_mb = 0;
  std::map<std::string, std::string> headers{};
  bool web_ui = false;  // pages of the cell's web UI ask it themselves; needs `to`, and auth login or admin
};
// https://<domain>/.well-known/<name> leads to `path` at the service's host.
struct WellKnown {
  std::string name{};
  std::string path{};
};

struct DnsRecord {
  std::string name{};  // relative to the cell's domain; "@" is the domain
  std::string type{};  // A AAAA CNAME TXT MX SRV
  std::string value{};
  std::uint32_t ttl = 0;
};

// notify() is called with {"type": "schedule", "name": …} each `every_s` seconds.
struct Schedule {
  std::string name{};
  std::int64_t every_s = 0;
};

// Another way out to the internet, which the owner can choose for devices. The container is a router: it
// takes packets for any address, always from the address of the cell's hub, and sends them out its way. What
// it can't carry, or can't carry now, it must drop.
struct Exit {
  std::string id{};  // unique in the service
  Text name{};
  std::string container{};  // of this service; one exit each
  bool ipv6 = false;        // it carries IPv6 too; otherwise that of its devices is dropped
};

struct Contributions {
  std::vector<Container> containers{};
  std::vector<Volume> volumes{};
  std::vector<WebRoute> routes{};
  std::vector<WellKnown> well_known{};
  std::vector<DnsRecord> dns{};
  std::vector<Route> api{};  // usually Router::routes()
  std::vector<Schedule> schedules{};
  std::vector<Exit> exits{};  // with the permission "exits"
  Ui ui{};
};

// [any] The document; the same value gives the same document.
Json to_json(const Contributions& contributions);

}  // namespace cell::sdk
