#include "domain/logs/tail.hpp"

#include <array>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/logs/search.hpp"

namespace cell::logs {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxAtOnce = 4 * 1024 * 1024;  // of one file in one call
constexpr std::size_t kMaxLine = 256 * 1024;         // a longer one is left out

struct Identity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const Identity&) const = default;
};

}  // namespace

struct Tail::File {
  int fd = -1;
  Identity identity;
  std::string rest;    // the beginning of a line whose end is not written yet
  bool skips = false;  // within a line that is too long

  File(int descriptor, Identity which) : fd(descriptor), identity(which) {}
  File(File&& other) noexcept
      : fd(std::exchange(other.fd, -1)),
        identity(other.identity),
        rest(std::move(other.rest)),
        skips(other.skips) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  File& operator=(File&&) = delete;
  ~File() {
    if (fd >= 0) close(fd);
  }

  void take(std::string_view bytes, const OnLine& on_line);
};

void Tail::File::take(std::string_view bytes, const OnLine& on_line) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      if (!skips) rest.append(bytes);
      if (rest.size() > kMaxLine) {
        rest.clear();
        skips = true;
      }
      return;
    }
    if (rest.empty() && !skips) {
      on_line(bytes.substr(0, end));
    } else if (!skips) {
      rest.append(bytes.substr(0, end));
      on_line(rest);
    }
    rest.clear();
    skips = false;
    bytes.remove_prefix(end + 1);
  }
}

Tail::Tail(fs::path directory) : directory_(std::move(directory)) { open_new_files(true); }

Tail::~Tail() = default;

std::vector<std::string> Tail::open_new_files(bool from_end) {
  std::vector<std::string> opened;
  for (const std::string& service : services(directory_)) {
    if (files_.contains(service)) continue;
    const int fd = open((directory_ / (service + ".log")).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) continue;
    struct stat status {};
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
      close(fd);
      continue;
    }
    if (from_end) lseek(fd, 0, SEEK_END);
    files_.emplace(service, File(fd, {status.st_dev, status.st_ino}));
    opened.push_back(service);
  }
  return opened;
}

// False: there was more than one call may read.
bool Tail::read_more(File& file, const OnLine& on_line) {
  std::array<char, 65536> buffer{};
  for (std::size_t total = 0; total < kMaxAtOnce;) {
    const ssize_t got = ::read(file.fd, buffer.data(), buffer.size());
    if (got <= 0) return true;
    total += static_cast<std::size_t>(got);
    file.take({buffer.data(), static_cast<std::size_t>(got)}, on_line);
  }
  return false;
}

void Tail::read(const OnLine& on_line) {
  for (auto entry = files_.begin(); entry != files_.end();) {
    // Asked before reading: what was written to the old file until it was rotated is then read below.
    struct stat status {};
    const bool there = stat((directory_ / (entry->first + ".log")).c_str(), &status) == 0;
    const bool same = there && Identity{status.st_dev, status.st_ino} == entry->second.identity;
    const bool at_end = read_more(entry->second, on_line);
    // The descriptor still leads to the rotated file; once that is read to its end, the new one is opened
    // below.
    if (!same && at_end)
      entry = files_.erase(entry);
    else
      ++entry;
  }
  for (const std::string& name : open_new_files(false)) read_more(files_.at(name), on_line);
}

}  // namespace cell::logs
