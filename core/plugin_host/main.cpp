#include <cstdlib>
#include <string>

#include <malloc.h>
#include <pthread.h>
#include <unistd.h>

#include "plugin/module.hpp"
#include "plugin_host/sandbox.hpp"
#include "plugin_host/server.hpp"

// cell-plugin-host USER MEMORY_MB — holds one plugin for celld, which starts it with a socket as file 3 and
// the plugin's library, open for reading, as file 4. Not for anybody else to run.
namespace {

constexpr int kSocket = 3;
constexpr int kLibrary = 4;
// One library a process, so that the loader, which knows libraries by name, cannot take it for another.
constexpr const char* kLibraryPath = "/proc/self/fd/4";

constexpr int kArenas = 2;
constexpr std::size_t kStack = 2UL * 1024 * 1024;

// Each arena reserves 64 MiB and each stack 8, and address space is what is limited.
void spare_address_space() {
  ::mallopt(M_ARENA_MAX, kArenas);
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) != 0) return;
  if (::pthread_attr_setstacksize(&attributes, kStack) == 0) ::pthread_setattr_default_np(&attributes);
  ::pthread_attr_destroy(&attributes);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto user = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
  const std::uint64_t memory = std::strtoull(argv[2], nullptr, 10) * 1024 * 1024;
  spare_address_space();
  cell::plugin_host::Server server(kSocket);
  if (const std::string problem = cell::plugin_host::confine({user, memory, kLibrary}); !problem.empty()) {
    server.fail("the plugin cannot be shut off: " + problem);
    return 0;
  }
  const auto library = cell::plugin::load_library(kLibraryPath);
  cell::plugin_host::hide();
  ::close(kLibrary);
  if (!library) {
    server.fail(library.error().message);
    return 0;
  }
  return server.run(library->open);
}
