#include <vector>

#include "good.hpp"

// What it does not get makes it throw, and nobody catches.
extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->handle = [](void*, cell_bytes, cell_bytes, const cell_sink*,
                      const cell_sink*) noexcept -> cell_status {
    std::vector<std::string> eaten;
    for (int i = 0; i < 4096; ++i) eaten.emplace_back(1UL << 20U, 'x');
    return CELL_OK;
  };
  return CELL_OK;
}
