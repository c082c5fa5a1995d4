#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->abi_major = CELL_ABI_MAJOR + 1;
  return CELL_OK;
}
