#include "plugin_host/sandbox.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plugin_host/landlock.hpp"
#include "plugin_host/system_calls.hpp"

namespace cell::plugin_host {

namespace {

constexpr rlim_t kMaxFiles = 64;
// Threads of all plugins together: celld's container may have 512, and celld needs some for itself.
constexpr rlim_t kMaxThreads = 256;

std::string failed(const char* what) { return std::string("cannot ") + what + ": " + std::strerror(errno); }

bool limit(__rlimit_resource resource, rlim_t value) {
  const rlimit both{value, value};
  return ::setrlimit(resource, &both) == 0;
}

// False where the container that celld runs in does not let it.
bool became(std::uint32_t user) {
  return ::setgroups(0, nullptr) == 0 && ::setresgid(user, user, user) == 0 &&
         ::setresuid(user, user, user) == 0;
}

bool drop_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3]{};
  return ::syscall(SYS_capset, &header, none) == 0;
}

}  // namespace

std::string confine(const Confinement& confinement) {
  if (::chdir("/") != 0) return failed("change to /");
  ::umask(077);
  if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NOFILE, kMaxFiles)) return failed("set limits");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  if (confinement.memory_bytes != 0 && !limit(RLIMIT_AS, confinement.memory_bytes))
    return failed("limit memory");
#endif
  const bool is_root = ::geteuid() == 0;
  const bool is_other = is_root && confinement.user != 0 && became(confinement.user);
  if (is_other && !limit(RLIMIT_NPROC, kMaxThreads)) return failed("limit threads");
  // After a change of user /proc/self belongs to root, and the library is opened through it.
  if (is_other && ::prctl(PR_SET_DUMPABLE, 1) != 0) return failed("open /proc/self");
  if (is_root && !is_other && !drop_capabilities()) return failed("give up capabilities");
  // After the change of user, which forgets it.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failed("follow celld");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("give up new privileges");
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return {};
#else
  bool is_restricted = false;
  if (std::string problem = restrict_files(confinement.library, is_restricted); !problem.empty())
    return problem;
  // Root's files are the cell's secrets: they must be out of reach one way or the other.
  if (is_root && !is_other && !is_restricted)
    return "celld may not change the user (SETUID, SETGID), and the kernel has no Landlock";
  return restrict_system_calls();
#endif
}

void hide() { ::prctl(PR_SET_DUMPABLE, 0); }

}  // namespace cell::plugin_host
