#include <csignal>
#include <ctime>

#include "good.hpp"

// Takes two seconds to open, and crashes when it is called.
extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  const timespec two_seconds{2, 0};
  ::nanosleep(&two_seconds, nullptr);
  good::open(plugin);
  plugin->handle = [](void*, cell_bytes, cell_bytes, const cell_sink*, const cell_sink*) -> cell_status {
    std::raise(SIGSEGV);
    return CELL_OK;
  };
  return CELL_OK;
}
