#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace cell::tool {

// A new folder of its own, removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();  // throws std::filesystem::filesystem_error
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// `name` may have folders in it, which are made.
Result<void> write_into(const std::filesystem::path& folder, const std::string& name,
                        const std::string& content);

}  // namespace cell::tool
