#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace fuzz {

// A promise of the code under test; libFuzzer keeps the input that breaks it.
inline void require(bool holds) {
  if (!holds) std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace fuzz
