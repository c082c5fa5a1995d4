#include "plugin/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cell::plugin {

namespace {

constexpr const char* kNobody = "65534";
constexpr int kLowest = 16;  // above the numbers that the child gets its files as
constexpr int kChildSocket = 3;
constexpr int kChildLibrary = 4;

class File {
 public:
  explicit File(int fd = -1) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_;
};

// The same file under a number that no dup2() of the child's start overwrites.
bool move_up(File& file) {
  const int moved = ::fcntl(file.get(), F_DUPFD_CLOEXEC, kLowest);
  if (moved < 0) return false;
  file.reset(moved);
  return true;
}

class Actions {
 public:
  Actions() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Actions() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  void give(int socket, int library, int output) {
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, 1);
    ::posix_spawn_file_actions_adddup2(&actions_, output, 2);
    ::posix_spawn_file_actions_adddup2(&actions_, socket, kChildSocket);
    ::posix_spawn_file_actions_adddup2(&actions_, library, kChildLibrary);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, kChildLibrary + 1);
  }

  int spawn(pid_t& pid, const std::string& program, const std::string& memory) {
    std::string user = ::geteuid() == 0 ? kNobody : "0";
    std::string name = "cell-plugin-host";
    std::string megabytes = memory;
    std::string locale = "LC_ALL=C.UTF-8";
    char* arguments[] = {name.data(), user.data(), megabytes.data(), nullptr};
    char* environment[] = {locale.data(), nullptr};
    return ::posix_spawn(&pid, program.c_str(), &actions_, &attributes_, arguments, environment);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return "it was ended by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
  }
  return "it ended itself with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> ChildProcess::start(const std::filesystem::path& program,
                                                          const std::filesystem::path& library,
                                                          std::int64_t memory_mb) {
  int sockets[2] = {-1, -1};
  int pipes[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
    return from_errno(errno, "cannot make a socket pair");
  File ours(sockets[0]);
  File theirs(sockets[1]);
  // Never waited for: a plugin that writes more than fits loses it.
  if (::pipe2(pipes, O_CLOEXEC | O_NONBLOCK) != 0) return from_errno(errno, "cannot make a pipe");
  File output(pipes[0]);
  File their_output(pipes[1]);
  File file(::open(library.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return from_errno(errno, "cannot open '" + library.string() + "'");
  if (!move_up(theirs) || !move_up(their_output) || !move_up(file))
    return from_errno(errno, "cannot start a plugin");
  Actions actions;
  actions.give(theirs.get(), file.get(), their_output.get());
  pid_t pid = -1;
  const int problem = actions.spawn(pid, program.string(), std::to_string(memory_mb));
  if (problem != 0) return from_errno(problem, "cannot run '" + program.string() + "'");
  return std::unique_ptr<ChildProcess>(new ChildProcess(pid, ours.release(), output.release()));
}

ChildProcess::~ChildProcess() {
  kill("it is not needed any more");
  (void)end();
  ::close(socket_);
  ::close(output_);
}

void ChildProcess::kill(const std::string& because) {
  const std::lock_guard lock(mutex_);
  if (pid_ < 0) return;
  if (killed_because_.empty()) killed_because_ = because;
  ::kill(pid_, SIGKILL);
}

bool ChildProcess::wait_for(std::chrono::milliseconds limit) const {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    siginfo_t info{};
    if (pid_ < 0 || (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                     info.si_pid == pid_))
      return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    ::usleep(1000);
  }
}

std::string ChildProcess::end() {
  siginfo_t info{};
  // Not reaped yet, so that kill() of another thread cannot meet another process of the same number.
  if (pid_ > 0) {
    while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
  }
  const std::lock_guard lock(mutex_);
  int status = 0;
  if (pid_ > 0) {
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = -1;
  return killed_because_.empty() ? how_it_ended(status) : killed_because_;
}

std::string ChildProcess::output() {
  std::string text(4096, '\0');
  const ssize_t count = ::read(output_, text.data(), text.size());
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return text;
}

std::int64_t ChildProcess::memory_bytes() const {
  pid_t pid = -1;
  {
    const std::lock_guard lock(mutex_);
    pid = pid_;
  }
  // Its own pages only: those of the libraries are shared with celld and the other plugins.
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  std::int64_t kilobytes = 0;
  while (status >> word) {
    if (word == "RssAnon:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace cell::plugin
