#include <cstdio>

#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->plan = [](void*, cell_bytes, const cell_sink* sink) {
    for (int i = 0; i < 2'000; ++i)
      std::puts("a line of talk that nobody asked for, and another, and another");
    std::fflush(stdout);
    return good::write(sink, "{}");
  };
  return CELL_OK;
}
