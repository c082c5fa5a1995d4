#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::tool {

struct IndexOptions {
  std::filesystem::path folder;
  std::string name;            // empty: that of the index that is there
  std::chrono::hours valid{};  // from now
  TimePoint now{};
};

// Writes index.json of all packages in the folder, and its signature beside it. The version is one more than
// that of the index that is there: a cell refuses one that is older than what it has seen. Answers the index.
// Packages that are not signed, or not in order, are an error that names them.
Result<Json> write_index(const IndexOptions& options, const Secret& private_key);

}  // namespace cell::tool
