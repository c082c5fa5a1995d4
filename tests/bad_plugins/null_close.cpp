#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->close = nullptr;
  return CELL_OK;
}
