#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "engine/client.hpp"

namespace cell::setup {

enum class State { ok, warning, problem };
std::string_view to_string(State state) noexcept;

struct Finding {
  State state = State::ok;
  std::string detail;
  std::string cause{};
  std::string fix{};
};

// One question about the machine, asked before set-up. `run` blocks at most a few seconds; thread: any.
struct Probe {
  std::string id;
  std::string title;
  std::function<Finding()> run;
};

// The container engine answers and speaks API 1.41 or newer.
Probe engine_probe(engine::Engine& engine);

struct PortNeed {
  std::uint16_t port = 0;
  bool udp = false;
  std::string purpose;  // "DNS"
};
struct PublishedPort {
  std::string container;
  bool is_own = false;  // a container of this cell: no conflict
  std::uint16_t port = 0;
  bool udp = false;
};
// Nobody else has the ports the cell needs. Names the program or the container that has one.
Probe ports_probe(std::vector<PortNeed> needs, std::function<std::vector<PublishedPort>()> published,
                  std::filesystem::path proc = "/proc");

// What the hub's agent says it uses ("kernel", "userspace"), if it runs; it knows better than the file
// system, which in a container is not the host's.
using HubBackend = std::function<std::optional<std::string>()>;

struct HostPaths {
  std::filesystem::path sys = "/sys";
  std::filesystem::path modules = "/lib/modules";
  std::filesystem::path tun = "/dev/net/tun";
};
// WireGuard in the kernel, or the user-space fallback (a warning: slower).
Probe wireguard_probe(HubBackend hub, HostPaths paths = {});
Probe tun_probe(HubBackend hub, HostPaths paths = {});

Probe disk_probe(std::filesystem::path directory);
Probe memory_probe(std::filesystem::path proc = "/proc");
Probe clock_probe(const Clock& clock);
// There is a default route, whose address others can reach the cell at.
Probe address_probe(std::function<std::optional<std::string>()> local_address);

}  // namespace cell::setup
