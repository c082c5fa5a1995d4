#include <unistd.h>

#include "good.hpp"

namespace {
[[noreturn]] void hang() {
  for (;;) ::pause();
}
}  // namespace

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->close = [](void*) { hang(); };
  return CELL_OK;
}
