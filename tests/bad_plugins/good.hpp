#pragma once

#include <cstring>
#include <string>

#include "cell/abi.h"

// A plugin that keeps the contract in everything that the file that includes this does not replace.
namespace good {

inline cell_status write(const cell_sink* sink, const std::string& text) {
  return sink->write(sink->context, reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

inline cell_status plan(void*, cell_bytes, const cell_sink* contributions) {
  return write(contributions, R"({"ui": {"open": "/"}})");
}

inline cell_status handle(void*, cell_bytes, cell_bytes body, const cell_sink* response,
                          const cell_sink* response_body) {
  const cell_status status = write(response, R"({"status": 200, "headers": {"Content-Type": "text/plain"}})");
  if (status != CELL_OK) return status;
  return response_body->write(response_body->context, body.data, body.length);
}

inline cell_status notify(void*, cell_bytes, const cell_sink*) { return CELL_OK; }

inline void close(void*) {}

inline cell_status open(cell_plugin* plugin) {
  plugin->size = sizeof(cell_plugin);
  plugin->abi_major = CELL_ABI_MAJOR;
  plugin->abi_minor = CELL_ABI_MINOR;
  plugin->plan = plan;
  plugin->handle = handle;
  plugin->notify = notify;
  plugin->close = close;
  return CELL_OK;
}

// Words of the request, as a plugin without a JSON parser finds them.
inline bool asks_for(cell_bytes request, const char* word) {
  return std::string(reinterpret_cast<const char*>(request.data), request.length).find(word) !=
         std::string::npos;
}

}  // namespace good
