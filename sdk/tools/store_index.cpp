#include "store_index.hpp"

#include <algorithm>
#include <vector>

#include "base/atomic_file.hpp"
#include "keys.hpp"
#include "plugin/package.hpp"
#include "plugin/schemas.hpp"

namespace cell::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kIndexFile = "index.json";

std::vector<fs::path> packages_in(const fs::path& folder) {
  std::vector<fs::path> packages;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".cellpkg") packages.push_back(entry.path());
  }
  std::sort(packages.begin(), packages.end());
  return packages;
}

Result<Json> entry_of(const fs::path& package) {
  const auto info = CELL_TRY_DOING(plugin::read_package(package, {}), package.filename().string());
  if (info.key_id.empty())
    return Error{Code::invalid_argument, "'" + package.filename().string() + "' is not signed",
                 "cell-plugin sign --key <key> " + package.filename().string()};
  Json entry = {{"id", info.manifest.id},
                {"version", info.manifest.version},
                {"file", package.filename().string()},
                {"sha256", info.sha256},
                {"size_bytes", info.size_bytes},
                {"manifest_sha256", info.manifest_sha256}};
  if (!info.manifest.architectures.empty()) entry["architectures"] = info.manifest.architectures;
  return entry;
}

// The index that is there, or an empty object.
Result<Json> previous(const fs::path& folder) {
  const auto text = read_file(folder / kIndexFile);
  if (!text && text.error().code == Code::not_found) return Json::object();
  if (!text) return text.error();
  return CELL_TRY_DOING(parse_json(*text), "the index that is there");
}

}  // namespace

Result<Json> write_index(const IndexOptions& options, const Secret& private_key) {
  if (!fs::is_directory(options.folder))
    return Error{Code::not_found, "'" + options.folder.string() + "' is no folder"};
  const Json before = CELL_TRY(previous(options.folder));
  const std::string name = options.name.empty() ? json_string(before, "name") : options.name;
  if (name.empty())
    return Error{Code::invalid_argument, "the index has no name yet", "say --name \"My store\""};
  Json index = {{"schema", 1},
                {"name", name},
                {"version", json_int(before, "version") + 1},
                {"expires", format_time(options.now + options.valid)},
                {"packages", Json::array()}};
  for (const fs::path& package : packages_in(options.folder))
    index["packages"].push_back(CELL_TRY(entry_of(package)));
  CELL_TRY(plugin::index_schema().check(index));
  CELL_TRY(write_file_atomic(options.folder / kIndexFile, dump_json_pretty(index)));
  CELL_TRY(sign_file(options.folder / kIndexFile, private_key));
  return index;
}

}  // namespace cell::tool
