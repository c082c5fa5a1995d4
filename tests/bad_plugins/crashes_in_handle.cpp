#include <csignal>

#include "good.hpp"

// Only when it is asked to, so that a test sees it serve again.
extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->handle = [](void* instance, cell_bytes request, cell_bytes body, const cell_sink* head,
                      const cell_sink* answer) -> cell_status {
    if (good::asks_for(request, "crash")) std::raise(SIGSEGV);
    return good::handle(instance, request, body, head, answer);
  };
  return CELL_OK;
}
