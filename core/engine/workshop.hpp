#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cell::engine {

// One entry of a tar archive, owned by root.
struct TarEntry {
  std::string path;  // relative, without '..'
  std::string content;
  unsigned mode = 0644;
  bool is_directory = false;
};

// A POSIX ustar archive (IEEE Std 1003.1, pax "ustar Interchange Format"), with fixed times: equal entries
// give equal bytes. invalid_argument for a path that does not fit its header.
Result<std::string> make_tar(const std::vector<TarEntry>& entries);

// How a container becomes an image.
struct CommitSpec {
  std::string container;
  std::string repository;  // "pic/svc-notes-main"
  std::string tag;
  std::vector<std::string> changes;  // lines of a Dockerfile: "LABEL a=b", "ENTRYPOINT [\"x\"]"
};

// What making images asks of an engine, beside Engine. Errors as there. Thread: any.
class Workshop {
 public:
  virtual ~Workshop() = default;
  // Unpacks `tar` below `path` of a container that need not run.
  virtual Result<void> put_archive(const std::string& container, const std::string& path,
                                   std::string_view tar) = 0;
  virtual Result<std::string> commit_container(const CommitSpec& spec) = 0;  // the image's id
  virtual Result<void> remove_image(
      const std::string& reference) = 0;  // fine when it is gone; conflict: used
};

std::unique_ptr<Workshop> connect_workshop(const std::filesystem::path& socket);

}  // namespace cell::engine
