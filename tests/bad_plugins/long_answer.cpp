#include "good.hpp"

namespace {
const std::string& long_text() {
  static const std::string kText(100UL << 20U, ' ');
  return kText;
}
}  // namespace

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->plan = [](void*, cell_bytes, const cell_sink* sink) { return good::write(sink, long_text()); };
  // In small pieces, and without looking at what write() says.
  plugin->handle = [](void*, cell_bytes, cell_bytes, const cell_sink* head,
                      const cell_sink* body) -> cell_status {
    good::write(head, R"({"status": 200})");
    const std::string piece(1UL << 20U, ' ');
    for (int i = 0; i < 100; ++i) good::write(body, piece);
    return CELL_OK;
  };
  plugin->notify = [](void*, cell_bytes, const cell_sink* sink) -> cell_status {
    good::write(sink, long_text());
    return CELL_FAILED;
  };
  return CELL_OK;
}
