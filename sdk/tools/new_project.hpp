#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace cell::tool {

struct NewProject {
  std::string id;  // "org.example.notes"
  bool is_native = true;
  std::filesystem::path folder;  // empty: the id's last part, here
};

// Makes a project that builds, and answers the names of its files. conflict when the folder is there and not
// empty.
Result<std::vector<std::string>> make_project(const NewProject& project);

}  // namespace cell::tool
