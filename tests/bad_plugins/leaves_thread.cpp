#include <chrono>
#include <thread>

#include "good.hpp"

// Its thread goes on after close() and calls the host for as long as the process lives.
extern "C" cell_status cell_plugin_open(const cell_host* host, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  std::thread([host] {
    const auto bytes = [](const char* text) {
      return cell_bytes{reinterpret_cast<const uint8_t*>(text), std::strlen(text)};
    };
    const cell_sink nowhere{sizeof(cell_sink), 0, nullptr,
                            [](void*, const uint8_t*, uint64_t) -> cell_status { return CELL_OK; }};
    for (;;) {
      host->log(host->context, CELL_LOG_INFO, bytes("still here"), bytes(""));
      host->call(host->context, bytes("identity.get/1"), bytes("{}"), &nowhere);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }).detach();
  return CELL_OK;
}
