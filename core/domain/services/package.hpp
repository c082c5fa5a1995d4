#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "domain/settings/services.hpp"
#include "plugin/instance.hpp"
#include "plugin/manifest.hpp"

namespace cell::services {

// A package that was verified and unpacked.
struct Package {
  plugin::Manifest manifest;
  std::filesystem::path directory;  // data/plugins/<id>/<version>-<hash>
  std::string sha256;
  std::string source;        // name of its store
  bool first_party = false;  // shipped with the product
};

// What services need of the store; the composition root fills it. Thread: any.
struct Catalogue {
  // The package of that version (empty: the newest), verified and unpacked. `advance` 0 to 1.
  std::function<Result<Package>(const std::string& id, const std::string& version,
                                const std::function<void(double)>& advance)>
      fetch;
  // The unpacked package of an installed service.
  std::function<Result<Package>(const settings::ServiceEntry& entry)> installed;
  // The newest version that can be installed; empty: none.
  std::function<std::string(const std::string& id)> newest;
  // Removes unpacked packages of a service that its entry of the configuration does not name.
  std::function<void(const std::string& id)> tidy;
};

// What hosts the plugins of installed services; the composition root fills it. Calls are by the service's id.
// Thread: any.
struct Plugins {
  // One to look at, beside what is loaded: where it does wrong, nothing else is touched.
  std::function<Result<std::unique_ptr<plugin::Instance>>(const Package& package)> preview;
  // In the place of the version that is there, which goes on if this fails. `isolated`: the owner's wish.
  std::function<Result<void>(const Package& package, std::optional<bool> isolated)> load;
  std::function<void(const std::string& id)> unload;
  std::function<Result<Json>(const std::string& id, const Json& config)> plan;
  std::function<Result<plugin::PluginResponse>(const std::string& id, const plugin::PluginRequest& request)>
      handle;
  std::function<Result<void>(const std::string& id, const Json& event)> notify;
};

}  // namespace cell::services
