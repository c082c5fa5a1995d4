#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

// tar.zst as packages are made of it. Only archive.cpp knows libarchive.
namespace cell::plugin {

struct ArchiveLimits {
  std::size_t files = 64;
  std::int64_t file_bytes = 128LL * 1024 * 1024;
  std::int64_t all_bytes = 256LL * 1024 * 1024;
  std::int64_t ratio = 200;  // unpacked to packed, above 1 MiB unpacked
};

// Letters, digits, '.', '_', '-', in at most one folder; no part begins with '.' or '-'. At most 100 bytes.
bool is_archive_name(std::string_view name);

// Takes the next bytes of file `name`; called at least once for each file, the last time with no bytes.
using TakeBytes = std::function<Result<void>(const std::string& name, std::string_view bytes)>;

// Reads the archive at `path` from the beginning to the end and answers its SHA-256 in hex. Refused
// (invalid_argument, too_large): anything but regular files of names as above, names that occur twice, also
// if only case tells them apart, what is over a limit, another format. Modes and owners are not looked at.
Result<std::string> read_archive(const std::filesystem::path& path, const ArchiveLimits& limits,
                                 const TakeBytes& take);

// The same files give the same bytes.
Result<std::string> write_archive(const std::map<std::string, std::string>& files);

}  // namespace cell::plugin
