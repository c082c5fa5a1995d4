#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugin/manifest.hpp"

namespace cell::tool {

// What a package is made of: the folder's manifest.yaml, what it names, and LICENSE, README.md where they
// are.
struct PackageFolder {
  std::filesystem::path folder;
  plugin::Manifest manifest;
  std::map<std::string, std::string> files;  // content by name
  std::vector<std::string> left_out;         // what else lies there
};

// From a folder that an author works in. Errors name the file.
Result<PackageFolder> read_folder(const std::filesystem::path& folder);

// Every file of a package, whoever signed it.
Result<std::map<std::string, std::string>> read_package_files(const std::filesystem::path& package);

}  // namespace cell::tool
