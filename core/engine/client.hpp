#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

// Docker Engine API (https://docs.docker.com/engine/api/), also spoken by Podman's compatible socket.
namespace cell::engine {

struct PortMapping {
  std::string host_ip;  // "" all, "127.0.0.1"
  std::uint16_t host_port = 0;
  std::uint16_t container_port = 0;
  std::string protocol;  // "tcp", "udp"
  auto operator<=>(const PortMapping&) const = default;
};

struct Mount {
  std::string source;  // absolute host path or volume name
  std::string target;
  bool is_volume = false;
  bool read_only = false;
  auto operator<=>(const Mount&) const = default;
};

struct HealthCheck {
  std::vector<std::string> command;  // exec form
  std::chrono::seconds interval{10};
  std::chrono::seconds timeout{5};
  std::chrono::seconds start_period{10};
  int retries = 3;
};

// The machine's own network: only for what makes images, which fetches packages as the machine does.
inline constexpr const char* kHostNetwork = "host";
inline constexpr const char* kNoNetwork = "none";

// What a container should be; all that celld ever asks of the engine. Never privileged.
struct ContainerSpec {
  std::string name;
  std::string image;
  std::vector<std::string> command;
  std::vector<std::string> entrypoint;
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> labels;
  std::vector<PortMapping> ports;
  std::vector<Mount> mounts;
  std::vector<std::string> capabilities;  // added, e.g. "NET_ADMIN"; everything else is dropped if `drop_all`
  bool drop_all_capabilities = false;
  std::vector<std::string> devices;  // "/dev/net/tun"
  std::map<std::string, std::string> sysctls;
  std::map<std::string, std::string> tmpfs;
  bool read_only_root = false;
  bool no_new_privileges = true;
  std::string user;
  std::string network;  // name of the network
  std::string ipv4_address;
  std::string ipv6_address;
  std::vector<std::string> aliases;
  std::string restart = "unless-stopped";
  std::int64_t memory_bytes = 0;  // 0: no limit
  std::int64_t pids_limit = 0;
  std::optional<HealthCheck> health;
  std::optional<int> stop_timeout_s;
};

struct ContainerSummary {
  std::string id;
  std::string name;
  std::string image;
  std::string image_id;
  std::string state;   // "running", "exited", "created", "restarting", "paused", "dead"
  std::string status;  // "Up 2 hours (healthy)"
  std::map<std::string, std::string> labels;
  std::vector<PortMapping> ports;
  std::vector<std::string> addresses;
  std::vector<std::string> networks;  // names
};

struct ContainerStats {
  std::string name;
  double cpu_percent = 0;          // of one processor = 100
  std::uint64_t memory_bytes = 0;  // without page cache
  std::uint64_t memory_limit_bytes = 0;
  std::uint64_t rx_bytes = 0;
  std::uint64_t tx_bytes = 0;
  std::uint64_t pids = 0;
};

struct LogLine {
  std::string time;    // RFC 3339 with nanoseconds, as the engine gives it
  std::string stream;  // "stdout", "stderr"
  std::string line;
};

struct NetworkSpec {
  std::string name;
  std::string ipv4_subnet;
  std::string ipv6_subnet;  // empty: no IPv6
  std::map<std::string, std::string> labels;
};
struct NetworkSummary {
  std::string id;
  std::string name;
  std::vector<std::string> subnets;
  std::map<std::string, std::string> labels;
  std::size_t containers = 0;
};
struct VolumeSummary {
  std::string name;
  std::map<std::string, std::string> labels;
};

struct ImageSummary {
  std::string id;
  std::vector<std::string> references;  // "pic/caddy:1"; empty for one without a name
  std::uint64_t size_bytes = 0;
  std::int64_t created = 0;  // Unix time
  std::map<std::string, std::string> labels;
};

struct Event {
  std::string type;    // "container", "network", …
  std::string action;  // "start", "die", "health_status: healthy", …
  std::string name;
  std::map<std::string, std::string> attributes;
  std::int64_t time_ns = 0;  // the engine's clock, since 1970
};

struct PullProgress {
  std::string status;
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0;
};

struct ExecResult {
  int exit_code = 0;
  std::string out;
  std::string err;
};

struct EngineInfo {
  std::string version;      // "20.10.24"
  std::string api_version;  // the one in use
  std::string operating_system;
  std::int64_t memory_bytes = 0;
  int processors = 0;
  std::string root_directory;
};

// The part of the engine that reconciling needs; an interface so that tests can have an engine with faults.
// Errors: unavailable (engine not there), timeout, not_found, conflict, internal (answered nonsense). Thread:
// any.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Result<EngineInfo> info() = 0;
  virtual Result<std::vector<ContainerSummary>> containers(
      const std::map<std::string, std::string>& labels = {}) = 0;
  virtual Result<Json> inspect_container(const std::string& name) = 0;
  virtual Result<std::string> create_container(const ContainerSpec& spec) = 0;  // id
  virtual Result<void> start_container(const std::string& name) = 0;            // fine when it runs
  virtual Result<void> stop_container(const std::string& name, std::chrono::seconds grace) = 0;
  virtual Result<void> restart_container(const std::string& name, std::chrono::seconds grace) = 0;
  virtual Result<void> remove_container(const std::string& name) = 0;  // force; fine when it is gone
  virtual Result<void> signal_container(const std::string& name, const std::string& signal) = 0;
  virtual Result<ExecResult> exec(const std::string& name, const std::vector<std::string>& command,
                                  std::chrono::milliseconds limit) = 0;
  virtual Result<std::vector<LogLine>> logs(const std::string& name, std::size_t tail,
                                            const std::string& since) = 0;
  virtual Result<ContainerStats> stats(const std::string& name) = 0;  // one shot
  virtual Result<std::vector<NetworkSummary>> networks() = 0;
  virtual Result<std::string> create_network(const NetworkSpec& spec) = 0;
  virtual Result<void> remove_network(const std::string& name) = 0;
  virtual Result<std::vector<VolumeSummary>> volumes(
      const std::map<std::string, std::string>& labels = {}) = 0;
  virtual Result<void> create_volume(const std::string& name,
                                     const std::map<std::string, std::string>& labels) = 0;
  virtual Result<void> remove_volume(const std::string& name) = 0;
  virtual Result<std::vector<ImageSummary>> list_images() = 0;  // without intermediate ones
  virtual Result<std::optional<std::string>> image_id(const std::string& reference) = 0;  // nothing: not here
  virtual Result<void> pull(const std::string& reference,
                            const std::function<void(const PullProgress&)>& on_progress) = 0;
  // Blocks and hands over events until `on_event` says false, the engine closes (ok) or `idle` passes without
  // one (timeout). The engine remembers its last 256 events: those that came at `since_ns` or later are told
  // first, so a reader that comes back with the last one's time + 1 misses none.
  virtual Result<void> events(const std::function<bool(const Event&)>& on_event,
                              std::chrono::milliseconds idle, std::int64_t since_ns) = 0;
};

// Over the engine's unix socket; negotiates min(ours, theirs) with /_ping on first use and after a lost
// connection.
std::unique_ptr<Engine> connect(const std::filesystem::path& socket);

// The body of POST /containers/create (pure).
Json to_create_body(const ContainerSpec& spec);

}  // namespace cell::engine
