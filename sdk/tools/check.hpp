#pragma once

#include <filesystem>
#include <ostream>

namespace cell::tool {

// Runs what lies in a folder, or a package file, through the contract, and says what it found. 0: all in
// order, 1: not.
int check(const std::filesystem::path& what, std::ostream& out);

}  // namespace cell::tool
