#pragma once

#include <set>

#include "plugin/contributions.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// What a container may name.
struct ContainerNames {
  std::set<std::string> containers;
  std::set<std::string> volumes;
  std::set<std::string> images;
};

// Absolute, each part a name, no "." and "..", no "/" at the end.
bool is_plain_path(std::string_view path);

// Adds to `problems` what is wrong with one container; pointers begin with `pointer`.
void check_container(const ContainerWish& container, const ContainerNames& names, const std::string& pointer,
                     std::vector<FieldError>& problems);

}  // namespace cell::plugin
