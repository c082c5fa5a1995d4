#include "temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/atomic_file.hpp"

namespace cell::tool {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "cell-plugin-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw fs::filesystem_error("cannot make a folder", name, std::error_code(errno, std::generic_category()));
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<void> write_into(const fs::path& folder, const std::string& name, const std::string& content) {
  const fs::path path = folder / name;
  CELL_TRY(ensure_directory(path.parent_path()));
  return write_file_atomic(path, content);
}

}  // namespace cell::tool
