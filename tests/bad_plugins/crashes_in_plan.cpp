#include <csignal>

#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->plan = [](void*, cell_bytes, const cell_sink*) -> cell_status { return std::raise(SIGSEGV); };
  return CELL_OK;
}
