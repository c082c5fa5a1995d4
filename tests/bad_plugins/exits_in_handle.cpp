#include <cstdlib>

#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->handle = [](void*, cell_bytes, cell_bytes, const cell_sink*, const cell_sink*) -> cell_status {
    std::exit(3);
  };
  return CELL_OK;
}
