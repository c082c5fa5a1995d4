#include "base/atomic_file.hpp"

#include <atomic>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cell {

namespace {

constexpr std::string_view kTemporary = ".tmp-";

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  // False when the kernel reports a late write error.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::filesystem::path temporary_beside(const std::filesystem::path& path) {
  static std::atomic<unsigned> counter{0};
  std::filesystem::path temporary = path;
  temporary +=
      std::string(kTemporary) + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1));
  return temporary;
}

Result<void> fill(const std::filesystem::path& temporary, std::string_view content, mode_t mode) {
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) return from_errno(errno, "cannot create '" + temporary.string() + "'");
  if (::fchmod(file.get(), mode) != 0 || !write_all(file.get(), content) || ::fsync(file.get()) != 0 ||
      !file.close()) {
    return from_errno(errno, "cannot write '" + temporary.string() + "'");
  }
  return {};
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const Descriptor handle(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.get() < 0 || ::fsync(handle.get()) != 0) {
    return from_errno(errno, "cannot sync directory '" + directory.string() + "'");
  }
  return {};
}

}  // namespace

Result<void> write_file_atomic(const std::filesystem::path& path, std::string_view content, mode_t mode) {
  const std::filesystem::path temporary = temporary_beside(path);
  if (Result<void> filled = fill(temporary, content, mode); !filled) {
    ::unlink(temporary.c_str());
    return filled;
  }
  // Exchanged, not replaced, so that the old file can come back if the directory cannot be synced. Only with
  // a regular file: the exchange would also put a directory aside.
  struct stat info {};
  const bool is_file = ::lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
  const bool exchanged =
      is_file && ::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0;
  if (!exchanged && ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int problem = errno;
    ::unlink(temporary.c_str());
    return from_errno(problem, "cannot replace '" + path.string() + "'");
  }
  Result<void> synced = sync_directory(path.parent_path().empty() ? "." : path.parent_path());
  if (!synced && exchanged) ::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE);
  if (exchanged) ::unlink(temporary.c_str());
  return synced;
}

std::size_t remove_temporary_files(const std::filesystem::path& directory) {
  std::size_t removed = 0;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(directory, problem)) {
    const bool ours = entry.path().filename().string().find(kTemporary) != std::string::npos;
    if (ours && ::unlink(entry.path().c_str()) == 0) ++removed;
  }
  return removed;
}

Result<bool> write_file_if_changed(const std::filesystem::path& path, std::string_view content, mode_t mode) {
  if (const auto current = read_file(path, content.size() + 1); current && *current == content) return false;
  CELL_TRY(write_file_atomic(path, content, mode));
  return true;
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return from_errno(errno, "cannot open '" + path.string() + "'");
  std::string content;
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return from_errno(errno, "cannot read '" + path.string() + "'");
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > max_bytes) return Error{Code::too_large, "'" + path.string() + "' is too large"};
  }
}

Result<void> ensure_directory(const std::filesystem::path& path, mode_t mode) {
  if (path.empty() || ::mkdir(path.c_str(), mode) == 0) return {};
  if (errno == ENOENT) {
    CELL_TRY(ensure_directory(path.parent_path(), mode));
    if (::mkdir(path.c_str(), mode) == 0) return {};
  }
  struct stat info {};
  if (errno == EEXIST && ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  return from_errno(errno, "cannot create directory '" + path.string() + "'");
}

}  // namespace cell
