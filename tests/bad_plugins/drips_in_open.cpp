#include <cstdint>
#include <ctime>

#include <sys/socket.h>
#include <unistd.h>

#include "good.hpp"

namespace {

// The head of a frame as core/plugin/wire.hpp has it: a log entry of 16 MiB; then a byte of it each second.
void drip() {
  constexpr int kSocket = 3;
  constexpr std::uint32_t kLog = 8;
  struct {
    std::uint32_t words[8];
  } const head{{kLog, 0, 1, 16U << 20U, 0, 0, 0, 0}};
  static_cast<void>(::send(kSocket, &head, sizeof head, MSG_NOSIGNAL));
  const timespec second{1, 0};
  for (int i = 0; i < 60; ++i) {
    static_cast<void>(::send(kSocket, "x", 1, MSG_NOSIGNAL));
    ::nanosleep(&second, nullptr);
  }
}

}  // namespace

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  drip();
  return CELL_OK;
}
