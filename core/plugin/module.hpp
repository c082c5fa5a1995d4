#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cell/abi.h"

// Loading of shared libraries. Only module.cpp knows Boost.DLL.
namespace cell::plugin {

// Whether the file is a 64-bit shared library for this machine's processor; unsupported with reason
// "architecture" for another's, invalid_argument for anything else. Reads only the file's head.
Result<void> check_library_head(const std::filesystem::path& library);

// The functions that the library exports, in order of names. For files that are trusted to be ELF.
Result<std::vector<std::string>> exported_functions(const std::filesystem::path& library);

struct Library {
  cell_plugin_open_function open = nullptr;
};

// Loads the library and finds cell_plugin_open. It stays loaded until the process ends: unloading code whose
// objects may live on crashes sooner or later. Constructors of its static objects run inside; one that throws
// ends the process. The path must be absolute and never be given to another file: the loader knows libraries
// by name. Errors carry the reason "plugin_broke_contract". Thread: any.
Result<Library> load_library(const std::filesystem::path& library);

}  // namespace cell::plugin
