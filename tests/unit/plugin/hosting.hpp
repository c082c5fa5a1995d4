#pragma once

#include <filesystem>
#include <string>

#include "plugin/instance.hpp"
#include "unit/plugin/manifests.hpp"

namespace cell::plugin {

// Opens a library of tests/bad_plugins.
inline OpenOptions options_for(const std::string& name) {
  OpenOptions options;
  options.library = std::filesystem::path(CELL_BAD_PLUGINS) / (name + ".so");
  options.host_program = CELL_PLUGIN_HOST;
  options.log = log::Logs::null()->logger("plugin-" + name);
  return options;
}

inline Result<std::unique_ptr<Instance>> open_in(const std::string& mode, const OpenOptions& options) {
  const Manifest manifest = parsed(native_manifest());
  return mode == "isolated" ? open_isolated(manifest, options) : open_in_process(manifest, options);
}

inline PluginRequest request_of(const std::string& path, const std::string& body = {}) {
  return {{{"method", "POST"}, {"path", path}}, body};
}

}  // namespace cell::plugin
