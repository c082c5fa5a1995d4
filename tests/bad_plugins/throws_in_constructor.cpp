#include <stdexcept>

#include "good.hpp"

namespace {
struct Thrower {
  Thrower() { throw std::runtime_error("no"); }
};
const Thrower thrower;
}  // namespace

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  return good::open(plugin);
}
