#include <stdexcept>

#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->plan = [](void*, cell_bytes, const cell_sink*) -> cell_status { throw std::runtime_error("no"); };
  plugin->handle = [](void*, cell_bytes, cell_bytes, const cell_sink*, const cell_sink*) -> cell_status {
    throw 7;
  };
  plugin->notify = [](void*, cell_bytes, const cell_sink*) -> cell_status { throw std::string("no"); };
  plugin->close = [](void*) { throw std::runtime_error("no"); };
  return CELL_OK;
}
