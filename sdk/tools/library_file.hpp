#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace cell::tool {

// What a shared library says of itself, read from the file without loading it.
struct LibraryFile {
  std::string architecture;          // "amd64", "arm64", else the number of the ELF header
  std::vector<std::string> exports;  // names of defined dynamic symbols, in order
  std::vector<std::string> needs;    // libraries
  bool has_unique_symbols = false;   // STB_GNU_UNIQUE
  bool wants_executable_stack = false;
};

// invalid_argument for anything but a 64-bit little-endian shared library that is in order.
Result<LibraryFile> read_library(const std::filesystem::path& path);

}  // namespace cell::tool
