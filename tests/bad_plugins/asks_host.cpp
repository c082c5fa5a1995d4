#include "good.hpp"

// Passes the body of each request on to the host as "method request", and answers what the host says.
namespace {

const cell_host* the_host = nullptr;

cell_status ask(std::string text, const cell_sink* answer) {
  const auto space = text.find(' ');
  const auto bytes = [](const std::string& part) {
    return cell_bytes{reinterpret_cast<const uint8_t*>(part.data()), part.size()};
  };
  const std::string method = text.substr(0, space);
  const std::string request = text.substr(space + 1);
  return the_host->call(the_host->context, bytes(method), bytes(request), answer);
}

}  // namespace

extern "C" cell_status cell_plugin_open(const cell_host* host, cell_plugin* plugin, const cell_sink*) {
  the_host = host;
  good::open(plugin);
  plugin->plan = [](void*, cell_bytes, const cell_sink* sink) { return ask("identity.get/1 {}", sink); };
  plugin->handle = [](void*, cell_bytes, cell_bytes body, const cell_sink* head,
                      const cell_sink* answer) -> cell_status {
    const cell_status status =
        ask(std::string(reinterpret_cast<const char*>(body.data), body.length), answer);
    good::write(head, status == CELL_OK ? R"({"status": 200})" : R"({"status": 400})");
    return CELL_OK;
  };
  return CELL_OK;
}
