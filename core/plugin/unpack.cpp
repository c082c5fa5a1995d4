#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "plugin/package.hpp"
#include "plugin/package_contents.hpp"

namespace cell::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnfinished = ".unpack-";
constexpr std::size_t kShort = 16;

void remove_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

// A folder that is gone with the object unless it was moved away.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {}
  ~TemporaryFolder() { remove_folder(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Writes one file after the other below a folder of ours.
class FileWriter {
 public:
  explicit FileWriter(fs::path folder) : folder_(std::move(folder)) {}
  ~FileWriter() { close(); }
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  Result<void> take(const std::string& name, std::string_view bytes) {
    if (fd_ < 0) CELL_TRY(open(name));
    if (bytes.empty()) return finish(name);
    while (!bytes.empty()) {
      const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return from_errno(errno, "cannot unpack '" + name + "'");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
  }

 private:
  // At the end of a file.
  Result<void> finish(const std::string& name) {
    if (::fsync(fd_) != 0) return from_errno(errno, "cannot unpack '" + name + "'");
    close();
    return {};
  }
  Result<void> open(const std::string& name) {
    const fs::path path = folder_ / name;
    CELL_TRY(ensure_directory(path.parent_path(), 0700));
    // Readable for all, in a folder that only root may enter: an isolated plugin is given the open file.
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd_ < 0 || ::fchmod(fd_, 0644) != 0) return from_errno(errno, "cannot unpack '" + name + "'");
    return {};
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

  fs::path folder_;
  int fd_ = -1;
};

// One regular file, by what was opened and not by its name.
Result<void> read_into(const fs::path& path, const std::string& name, Contents& contents) {
  struct stat info {};
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return from_errno(errno, "cannot read '" + path.string() + "'");
  const bool is_file = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  crypto::Sha256 digest;
  std::string text;
  std::vector<char> buffer(262144);
  ssize_t count = 0;
  while (is_file &&
         ((count = ::read(fd, buffer.data(), buffer.size())) > 0 || (count < 0 && errno == EINTR))) {
    if (count < 0) continue;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
    digest.add(bytes);
    if (is_text_file(name) && text.size() <= kMaxTextFile) text += bytes;
  }
  ::close(fd);
  if (!is_file || count < 0) return Error{Code::invalid_argument, "'" + name + "' cannot be read as a file"};
  if (name != kSumsFile && name != kSignatureFile) contents.sums[name] = crypto::to_hex(digest.finish());
  if (is_text_file(name)) contents.texts[name] = std::move(text);
  return {};
}

Result<Contents> read_folder(const fs::path& folder) {
  Contents contents;
  std::error_code problem;
  for (auto entry = fs::recursive_directory_iterator(folder, problem); !problem && entry != fs::end(entry);
       entry.increment(problem)) {
    const std::string name = entry->path().lexically_relative(folder).string();
    if (entry->is_directory() && !entry->is_symlink() && entry.depth() == 0) continue;
    if (!is_archive_name(name))
      return Error{Code::invalid_argument, "'" + name + "' does not belong into a package's folder"};
    CELL_TRY(read_into(entry->path(), name, contents));
  }
  if (problem) return from_errno(problem.value(), "cannot read '" + folder.string() + "'");
  return contents;
}

Result<void> sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int problem = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) return from_errno(problem, "cannot sync '" + folder.string() + "'");
  return {};
}

// Puts the finished folder in its place. One that is there and in order stays: a library in it may be loaded.
Result<void> move_into_place(const fs::path& finished, const fs::path& target, const FindKey& find_key) {
  CELL_TRY(ensure_directory(target.parent_path(), 0700));
  CELL_TRY(sync_folder(finished));
  if (fs::exists(fs::symlink_status(target))) {
    if (open_unpacked(target, find_key)) return {};
    const TemporaryFolder aside(finished.string() + "-old");
    if (::rename(target.c_str(), aside.path().c_str()) != 0)
      return from_errno(errno, "cannot replace '" + target.string() + "'");
  }
  if (::rename(finished.c_str(), target.c_str()) != 0)
    return from_errno(errno, "cannot make '" + target.string() + "'");
  return sync_folder(target.parent_path());
}

Error another_package() {
  Error error{Code::forbidden, "the package is not the one that the store's index names",
              "refresh the store and try again"};
  error.reason = "hash";
  return error;
}

}  // namespace

Result<UnpackedPackage> unpack_package(const fs::path& package, const fs::path& root,
                                       const std::string& expected_sha256, const FindKey& find_key) {
  CELL_TRY(ensure_directory(root, 0700));
  const TemporaryFolder temporary(root / (std::string(kUnfinished) + crypto::random_id()));
  CELL_TRY(ensure_directory(temporary.path(), 0700));
  FileWriter writer(temporary.path());
  const std::string sha256 =
      CELL_TRY(read_archive(package, {}, [&](const std::string& name, std::string_view bytes) {
        return writer.take(name, bytes);
      }));
  if (!expected_sha256.empty() && sha256 != expected_sha256) return another_package();
  const Contents contents = CELL_TRY(read_folder(temporary.path()));
  Checked checked = CELL_TRY(check_contents(contents, find_key));
  UnpackedPackage unpacked{{}, std::move(checked.manifest), sha256, std::move(checked.key_id)};
  unpacked.folder =
      root / unpacked.manifest.id / (unpacked.manifest.version + "-" + sha256.substr(0, kShort));
  CELL_TRY(move_into_place(temporary.path(), unpacked.folder, find_key));
  return unpacked;
}

Result<UnpackedPackage> open_unpacked(const fs::path& folder, const FindKey& find_key) {
  const Contents contents = CELL_TRY(read_folder(folder));
  Checked checked = CELL_TRY(check_contents(contents, find_key));
  const std::string name = folder.filename().string();
  const auto dash = name.rfind('-');
  if (name.substr(0, dash) != checked.manifest.version ||
      folder.parent_path().filename() != checked.manifest.id)
    return Error{Code::invalid_argument, "the package in '" + folder.string() + "' is another one",
                 "install it again"};
  return UnpackedPackage{folder, std::move(checked.manifest), name.substr(dash + 1),
                         std::move(checked.key_id)};
}

void remove_unfinished(const fs::path& root) {
  std::error_code problem;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(root, problem)) {
    if (entry.path().filename().string().starts_with(kUnfinished)) found.push_back(entry.path());
  }
  for (const fs::path& path : found) remove_folder(path);
}

}  // namespace cell::plugin
