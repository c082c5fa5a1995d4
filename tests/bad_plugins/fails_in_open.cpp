#include "good.hpp"

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin*, const cell_sink* error) {
  good::write(error,
              R"({"code": "unavailable", "message": "the moon is in the wrong house", "hint": "wait"})");
  return CELL_FAILED;
}
