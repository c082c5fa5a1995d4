#pragma once

namespace cell {

// Semantic version of the product, e.g. "0.1.0".
const char* version() noexcept;

}  // namespace cell
