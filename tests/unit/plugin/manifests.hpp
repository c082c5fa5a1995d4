#pragma once

#include <string>

#include "plugin/manifest.hpp"

namespace cell::plugin {

// A declarative manifest that parses; `more` is appended to it.
inline std::string notes_manifest(const std::string& more = {}) {
  return R"(schema: 1
id: org.example.notes
name: {en: Notes, de: Notizen}
summary: {en: Notes for everybody}
version: 1.2.0
kind: declarative
category: notes
provides: [service]
license: MIT
images:
  web: {packages: [nginx-light]}
)" + (more.empty() ? "permissions: []\ncontributions: {}\n" : more);
}

// A native one; `permissions` is a YAML list.
inline std::string native_manifest(const std::string& permissions = "[]") {
  return R"(schema: 1
id: probe
name: {en: Probe}
summary: {en: Shows what plugins may do}
version: 1.0.0
kind: native
category: tools
provides: [service]
license: MIT
abi: {major: 1, minor: 0}
library: {name: probe.so, architectures: [amd64, arm64]}
images:
  main: {bundled: probe}
permissions: )" +
         permissions + "\n";
}

inline Manifest parsed(const std::string& text) {
  auto manifest = parse_manifest(text);
  if (!manifest) throw std::runtime_error(manifest.error().message);
  return *manifest;
}

}  // namespace cell::plugin
