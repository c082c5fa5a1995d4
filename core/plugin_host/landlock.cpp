#include "plugin_host/landlock.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cell::plugin_host {

namespace {

// <linux/landlock.h> of the build may be older than the kernel that runs.
struct Ruleset {
  std::uint64_t files;
  std::uint64_t network;
  std::uint64_t scopes;
};
struct PathRule {
  std::uint64_t allowed;
  std::int32_t parent;
} __attribute__((packed));

constexpr std::uint64_t kExecute = 1U << 0U;
constexpr std::uint64_t kReadFile = 1U << 2U;
constexpr std::uint64_t kReadFolder = 1U << 3U;
constexpr std::uint64_t kRights1 = (1U << 13U) - 1;       // version 1 of Landlock
constexpr std::uint64_t kRights2 = kRights1 | 1U << 13U;  // renaming across folders
constexpr std::uint64_t kRights3 = kRights2 | 1U << 14U;  // truncating
constexpr std::uint64_t kRights5 = kRights3 | 1U << 15U;  // ioctl on devices
constexpr std::uint64_t kBindAndConnect = 3;              // version 4
constexpr std::uint64_t kSocketsAndSignals = 3;           // version 6
constexpr unsigned kAskVersion = 1;
constexpr int kPathRule = 1;

constexpr const char* kReadable[] = {
    "/lib",           "/lib64",    "/usr/lib",    "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache",
    "/etc/localtime", "/dev/null", "/dev/urandom"};

Ruleset ruleset_of(long version, std::size_t& size) {
  const std::uint64_t files = version >= 5   ? kRights5
                              : version >= 3 ? kRights3
                              : version == 2 ? kRights2
                                             : kRights1;
  size = version >= 6 ? sizeof(Ruleset) : version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
  return {files, kBindAndConnect, kSocketsAndSignals};
}

bool allow(int ruleset, int target) {
  struct stat info {};
  if (::fstat(target, &info) != 0) return false;
  const std::uint64_t rights = kExecute | kReadFile | (S_ISDIR(info.st_mode) ? kReadFolder : 0);
  const PathRule rule{rights, target};
  return ::syscall(SYS_landlock_add_rule, ruleset, kPathRule, &rule, 0) == 0;
}

}  // namespace

std::string restrict_files(int library, bool& is_restricted) {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (version < 1) return {};
  std::size_t size = 0;
  const Ruleset wanted = ruleset_of(version, size);
  const int ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &wanted, size, 0));
  if (ruleset < 0) return std::string("cannot make a Landlock ruleset: ") + std::strerror(errno);
  bool good = library < 0 || allow(ruleset, library);
  for (const char* path : kReadable) {
    const int target = ::open(path, O_PATH | O_CLOEXEC);
    if (target < 0) continue;
    good = allow(ruleset, target) && good;
    ::close(target);
  }
  good = good && ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  const int problem = errno;
  ::close(ruleset);
  is_restricted = good;
  return good ? std::string() : std::string("cannot restrict files by Landlock: ") + std::strerror(problem);
}

}  // namespace cell::plugin_host
