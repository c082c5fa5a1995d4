#include "app/machine_facts.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "domain/health/machine.hpp"

namespace cell::app {

namespace {

// Whether nobody lets us listen there. Without SO_REUSEADDR a port of connections that just ended would count
// as busy.
bool is_port_busy(std::uint16_t port, bool is_tcp) {
  const int socket = ::socket(AF_INET, (is_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const int on = 1;
  if (is_tcp) setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const bool bound = bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const bool taken = (!bound || (is_tcp && listen(socket, 1) != 0)) && errno == EADDRINUSE;
  close(socket);
  return taken;
}

std::int64_t free_memory() {
  const auto text = read_file("/proc/meminfo", 65'536);
  const auto memory = text ? health::parse_memory(*text) : std::nullopt;
  return memory ? static_cast<std::int64_t>(memory->total_bytes - memory->used_bytes) : -1;
}

}  // namespace

services::MachineFacts machine_facts(const std::filesystem::path& directory) {
  services::MachineFacts facts;
  facts.free_bytes = [directory]() -> std::int64_t {
    std::error_code failure;
    const auto space = std::filesystem::space(directory, failure);
    return failure ? -1 : static_cast<std::int64_t>(space.available);
  };
  facts.free_memory_bytes = free_memory;
  facts.is_port_busy = is_port_busy;
  return facts;
}

std::filesystem::path program_beside(const char* name) {
  std::error_code failure;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", failure);
  return failure ? std::filesystem::path("/usr/bin") / name : own.parent_path() / name;
}

std::string architecture() {
  utsname names{};
  if (uname(&names) != 0) return {};
  const std::string machine = names.machine;
  if (machine == "x86_64") return "amd64";
  return machine == "aarch64" ? "arm64" : machine;
}

}  // namespace cell::app
