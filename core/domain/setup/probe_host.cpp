#include <fstream>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "domain/setup/probes.hpp"

namespace cell::setup {

namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::uint64_t kGiB = 1024 * kMiB;
constexpr std::uint64_t kLeastDisk = kGiB;  // images of the core containers and their logs
constexpr std::uint64_t kGoodDisk = 5 * kGiB;
constexpr std::uint64_t kLeastMemory = 128 * kMiB;  // the five core containers at rest
constexpr std::uint64_t kGoodMemory = 384 * kMiB;
constexpr int kFirstSaneYear = 2025;
constexpr int kLastSaneYear = 2100;

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10 * kGiB) return std::to_string(bytes / kMiB) + " MiB";
  return std::to_string(bytes / kGiB) + " GiB";
}

std::optional<std::uint64_t> available_memory(const std::filesystem::path& proc) {
  std::ifstream file(proc / "meminfo");
  std::string name;
  std::uint64_t kilobytes = 0;
  for (std::string unit; file >> name >> kilobytes && std::getline(file, unit);) {
    if (name == "MemAvailable:") return kilobytes * 1024;
  }
  return std::nullopt;
}

bool has_kernel_module(const HostPaths& paths) {
  std::error_code ignored;
  if (std::filesystem::exists(paths.sys / "module" / "wireguard", ignored)) return true;
  utsname system{};
  if (uname(&system) != 0) return false;
  for (const char* list : {"modules.dep", "modules.builtin"}) {
    std::ifstream file(paths.modules / system.release / list);
    for (std::string line; std::getline(file, line);) {
      if (line.find("/wireguard.ko") != std::string::npos) return true;
    }
  }
  return false;
}

bool can_open_tun(const HostPaths& paths) {
  const int fd = open(paths.tun.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  close(fd);
  return true;
}

Finding userspace_found(const std::string& detail) {
  return {State::warning, detail, "this kernel has no WireGuard module",
          "nothing has to be done; a kernel with the module would be faster"};
}

}  // namespace

std::string_view to_string(State state) noexcept {
  switch (state) {
    case State::ok:
      return "ok";
    case State::warning:
      return "warning";
    case State::problem:
      return "problem";
  }
  return "problem";
}

Probe wireguard_probe(HubBackend hub, HostPaths paths) {
  return {"wireguard", "WireGuard", [hub = std::move(hub), paths = std::move(paths)] {
            const auto backend = hub ? hub() : std::nullopt;
            if (backend && *backend == "kernel")
              return Finding{State::ok, "the kernel's WireGuard is in use"};
            if (backend) return userspace_found("wireguard-go is in use");
            if (has_kernel_module(paths)) return Finding{State::ok, "the kernel has WireGuard"};
            if (can_open_tun(paths)) return userspace_found("wireguard-go will be used");
            return Finding{State::problem, "neither the kernel's WireGuard nor /dev/net/tun is there",
                           "the VPN needs one of the two",
                           "load a module: 'modprobe wireguard' or 'modprobe tun'"};
          }};
}

Probe tun_probe(HubBackend hub, HostPaths paths) {
  return {"tun", "Tunnel device", [hub = std::move(hub), paths = std::move(paths)] {
            const auto backend = hub ? hub() : std::nullopt;
            if (can_open_tun(paths)) return Finding{State::ok, "/dev/net/tun is there"};
            if (backend) return Finding{State::ok, "the VPN container has its tunnel device"};
            return Finding{State::warning, "/dev/net/tun can't be opened",
                           "the module 'tun' is not loaded, or a container was not given the device",
                           "'modprobe tun'; in a container or virtual server ask its host for the device"};
          }};
}

Probe disk_probe(std::filesystem::path directory) {
  return {"disk", "Disk space", [directory = std::move(directory)] {
            struct statvfs disk {};
            if (statvfs(directory.c_str(), &disk) != 0) {
              return Finding{State::problem, "'" + directory.string() + "' can't be read",
                             "the cell's directory is not there", "make the directory, or set CELL_DIR"};
            }
            const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
            const std::string detail = size_text(free) + " free for '" + directory.string() + "'";
            const std::string fix = "free some space, or set CELL_DIR to a larger disk";
            if (free < kLeastDisk) return Finding{State::problem, detail, "a cell needs at least 1 GiB", fix};
            if (free < kGoodDisk)
              return Finding{State::warning, detail, "services and logs will need 5 GiB or more", fix};
            return Finding{State::ok, detail};
          }};
}

Probe memory_probe(std::filesystem::path proc) {
  return {"memory", "Memory", [proc = std::move(proc)] {
            const auto available = available_memory(proc);
            if (!available) return Finding{State::warning, "the free memory is not known"};
            const std::string detail = size_text(*available) + " available";
            const std::string fix = "stop other programs, or add memory or swap";
            if (*available < kLeastMemory)
              return Finding{State::problem, detail, "a cell needs at least 128 MiB", fix};
            if (*available < kGoodMemory)
              return Finding{State::warning, detail, "services will need more", fix};
            return Finding{State::ok, detail};
          }};
}

Probe clock_probe(const Clock& clock) {
  return {"clock", "Clock", [&clock] {
            const std::string now = format_time(clock.now());
            const int year = std::atoi(now.c_str());
            if (year >= kFirstSaneYear && year <= kLastSaneYear) return Finding{State::ok, "it is " + now};
            return Finding{State::problem, "it is " + now + ", says this machine",
                           "certificates and log-ins depend on the time",
                           "set the clock: 'timedatectl set-time …'"};
          }};
}

Probe address_probe(std::function<std::optional<std::string>()> local_address) {
  return {"address", "Network address", [local_address = std::move(local_address)] {
            if (const auto address = local_address())
              return Finding{State::ok, "this machine is " + *address};
            return Finding{State::warning, "this machine has no default route",
                           "there is no network, or no router in it",
                           "connect the machine; devices outside can't reach the cell until then"};
          }};
}

}  // namespace cell::setup
