#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->handle = [](void*, cell_bytes, cell_bytes, const cell_sink* head, const cell_sink*) {
    return good::write(head, R"({"status": 200, "headers": {"A": "b\r\nSet-Cookie: c"}})");
  };
  return CELL_OK;
}
