#include "base/version.hpp"

namespace cell {

const char* version() noexcept { return CELL_VERSION_TEXT; }

}  // namespace cell
