#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->plan = [](void*, cell_bytes, const cell_sink* sink) {
    return good::write(sink, "{\"ui\": {\"open\": \"\xFF\xFE\"}}");
  };
  plugin->handle = [](void*, cell_bytes, cell_bytes, const cell_sink* head, const cell_sink*) {
    return good::write(head, "{\"status\": 200, \"headers\": {\"A\": \"\xC3\x28\"}}");
  };
  return CELL_OK;
}
