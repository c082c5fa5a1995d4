#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "domain/settings/place.hpp"
#include "domain/settings/services.hpp"
#include "plugin/contributions.hpp"
#include "plugin/manifest.hpp"

namespace cell::services {

// Where services run: what is the same for all of them.
struct Frame {
  reconcile::CoreSettings core;
  std::string domain;       // "home.cell"
  std::string timezone;     // "Europe/Vienna"
  std::string lan_address;  // of this machine in the house; empty: not known
};

// A service with what it is made of.
struct Active {
  settings::ServiceEntry entry;
  plugin::Manifest manifest;
  plugin::Contributions parts;
};

// "cell-notes-main": of a container or volume of a service.
std::string object_name(const Frame& frame, const std::string& id, const std::string& name);
// config/services/<id>
std::filesystem::path files_folder(const std::filesystem::path& cell_directory, const std::string& id);

}  // namespace cell::services
