#include "package_folder.hpp"

#include <algorithm>

#include "base/atomic_file.hpp"
#include "plugin/archive.hpp"
#include "plugin/package.hpp"

namespace cell::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = 128UL * 1024 * 1024;

Result<void> take(PackageFolder& package, const std::string& name, bool must_be_there) {
  if (name.empty()) return {};
  auto content = read_file(package.folder / name, kMaxFile);
  if (content) {
    package.files[name] = std::move(content).value();
    return {};
  }
  if (!must_be_there && content.error().code == Code::not_found) return {};
  Error error = std::move(content).error();
  if (error.code == Code::not_found)
    error = {Code::not_found, "'" + name + "' is not in the folder", "the manifest names it"};
  return error;
}

}  // namespace

Result<PackageFolder> read_folder(const fs::path& folder) {
  std::error_code problem;
  if (!fs::is_directory(folder, problem))
    return Error{Code::not_found, "'" + folder.string() + "' is no folder"};
  PackageFolder package{.folder = fs::canonical(folder)};
  const auto text = read_file(package.folder / plugin::kManifestFile, 1024 * 1024);
  if (!text)
    return Error{Code::not_found,
                 "there is no " + std::string(plugin::kManifestFile) + " in '" + folder.string() + "'"};
  package.manifest = CELL_TRY_DOING(plugin::parse_manifest(*text), "manifest.yaml");
  CELL_TRY(take(package, plugin::kManifestFile, true));
  CELL_TRY(take(package, package.manifest.library, true));
  CELL_TRY(take(package, package.manifest.icon, true));
  CELL_TRY(take(package, package.manifest.changelog, true));
  for (const char* name : {"LICENSE", "README.md"}) CELL_TRY(take(package, name, false));
  for (const auto& entry : fs::directory_iterator(package.folder, problem)) {
    const std::string name = entry.path().filename().string();
    if (!package.files.contains(name)) package.left_out.push_back(name);
  }
  std::sort(package.left_out.begin(), package.left_out.end());
  return package;
}

Result<std::map<std::string, std::string>> read_package_files(const fs::path& package) {
  std::map<std::string, std::string> files;
  CELL_TRY(plugin::read_archive(package, {}, [&](const std::string& name, std::string_view bytes) {
    files[name] += bytes;
    return Result<void>();
  }));
  return files;
}

}  // namespace cell::tool
