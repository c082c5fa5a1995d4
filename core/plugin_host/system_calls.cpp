#include "plugin_host/system_calls.hpp"

#include <cerrno>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace cell::plugin_host {

namespace {

struct Release {
  void operator()(void* filter) const noexcept { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

constexpr const char* kAllowed[] = {
    // memory
    "brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "mincore", "membarrier",
    // files that are open, and those that can be read
    "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "lseek", "close", "close_range",
    "dup", "dup2", "dup3", "fstat", "newfstatat", "statx", "stat", "lstat", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd", "pipe2", "eventfd2", "timerfd_create",
    "timerfd_settime", "timerfd_gettime",
    // sockets that it has
    "sendmsg", "sendto", "recvmsg", "recvfrom", "shutdown",
    // waiting
    "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "futex",
    "futex_waitv", "nanosleep", "clock_nanosleep", "sched_yield", "restart_syscall",
    // threads and signals of its own
    "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "gettid", "exit", "exit_group",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "rt_sigpending", "sigaltstack",
    "arch_prctl", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
    // what it may know
    "getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrandom", "uname", "sysinfo",
    "getrusage", "times", "clock_gettime", "clock_getres", "gettimeofday", "time", "getrlimit"};

// Names that this processor or this libseccomp does not have are left out: what is not allowed is refused.
bool allow_named(void* filter) {
  for (const char* name : kAllowed) {
    const int number = ::seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || number < 0) continue;
    if (::seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0) != 0) return false;
  }
  return true;
}

bool allow_threads(void* filter) {
  // clone3's flags lie in memory, where a filter cannot look; told that there is none, the C library takes
  // clone.
  if (::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) != 0) return false;
  return ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
}

// Files can be opened for reading. openat2(), whose flags lie in memory, is refused.
bool allow_reading(void* filter) {
  constexpr scmp_datum_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
  return ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, kWriting, 0)) == 0 &&
         ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                            SCMP_A1(SCMP_CMP_MASKED_EQ, kWriting, 0)) == 0;
}

bool allow_with_arguments(void* filter) {
  const auto own = static_cast<scmp_datum_t>(::getpid());
  // abort() and raise() signal the process itself.
  if (::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, own)) != 0)
    return false;
  // Limits can be asked for, not changed.
  if (::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0)) != 0)
    return false;
  for (const int option : {PR_SET_NAME, PR_GET_NAME, PR_SET_DUMPABLE, PR_SET_VMA}) {
    if (::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                           SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(option))) != 0)
      return false;
  }
  // Not the commands that have signals sent: the kernel asks only whether the receiver has the same user, and
  // that may be another plugin.
  for (const int command : {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL}) {
    if (::seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
                           SCMP_A1(SCMP_CMP_EQ, static_cast<scmp_datum_t>(command))) != 0)
      return false;
  }
  // Whether an output is a terminal; not EPERM, which the C library would hand on.
  return ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0) == 0;
}

}  // namespace

std::string restrict_system_calls() {
  const Filter filter(::seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!filter || !allow_named(filter.get()) || !allow_threads(filter.get()) || !allow_reading(filter.get()) ||
      !allow_with_arguments(filter.get()))
    return "cannot make a filter for system calls";
  const int problem = ::seccomp_load(filter.get());
  return problem == 0 ? std::string() : std::string("cannot filter system calls: ") + std::strerror(-problem);
}

}  // namespace cell::plugin_host
