#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.hpp"

namespace cell {

// Replaces `path` by `content` so that a reader or a crash sees the old file or the new one, never another:
// temp file beside it with `mode` set before the first byte, fsync, rename, fsync of the directory.
// On any failure the old file is as it was and no temp file stays (a new file whose directory could not be
// synced does stay). A process that is killed leaves a temp file: see remove_temporary_files(). Errors:
// forbidden, unavailable (disk full), internal.
Result<void> write_file_atomic(const std::filesystem::path& path, std::string_view content,
                               mode_t mode = 0644);

// As above, but only if the content differs from what is there. True: it was written.
Result<bool> write_file_if_changed(const std::filesystem::path& path, std::string_view content,
                                   mode_t mode = 0644);

// Removes what killed writers of write_file_atomic() left in `directory`; nobody may be writing there.
// Answers how many.
std::size_t remove_temporary_files(const std::filesystem::path& directory);

// The whole file; not_found when it is missing, too_large above `max_bytes`.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes = 64 * 1024 * 1024);

// mkdir -p with `mode` for what is made; succeeds when it is there.
Result<void> ensure_directory(const std::filesystem::path& path, mode_t mode = 0755);

}  // namespace cell
