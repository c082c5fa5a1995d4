#include <cstdlib>
#include <string>

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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto user = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
  const std::uint64_t memory = std::strtoull(argv[2], nullptr, 10) * 1024 * 1024;
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
