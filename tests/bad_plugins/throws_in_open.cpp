#include <stdexcept>

#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin*, const cell_sink*) {
  throw std::runtime_error("no");
}
