#include "base/process.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace cell {

namespace {

using SteadyClock = std::chrono::steady_clock;

// Both ends of a pipe, closed on every way out.
struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() = default;
  explicit Pipe(std::array<int, 2> taken) : ends(taken) {}
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
  void close_end(std::size_t end) {
    if (ends[end] >= 0) ::close(std::exchange(ends[end], -1));
  }
};

// Keeps a write to a program that does not read from ending this process by SIGPIPE.
class NoBrokenPipeSignal {
 public:
  NoBrokenPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoBrokenPipeSignal() {
    const timespec now{};
    // Takes the signal that a write may have left pending, unless it was blocked before and is another's to
    // take.
    if (sigismember(&before_, SIGPIPE) == 0) ::sigtimedwait(&pipe_, nullptr, &now);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipeSignal(const NoBrokenPipeSignal&) = delete;
  NoBrokenPipeSignal& operator=(const NoBrokenPipeSignal&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

struct Child {
  pid_t pid = -1;
  Pipe in;
  Pipe out;
  Pipe err;
};

Result<void> spawn(const std::vector<std::string>& argv, Child& child) {
  if (!child.in.open() || !child.out.open() || !child.err.open())
    return from_errno(errno, "cannot make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, child.in.ends[0], 0);
  posix_spawn_file_actions_adddup2(&actions, child.out.ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, child.err.ends[1], 2);
  // Sockets of libraries are not close-on-exec.
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  sigset_t none;
  sigset_t defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  // A daemon ignores SIGPIPE; a program that inherits that goes on writing into nothing.
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const int problem =
      ::posix_spawnp(&child.pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  child.in.close_end(0);
  child.out.close_end(1);
  child.err.close_end(1);
  if (problem != 0) return from_errno(problem, "cannot run '" + argv.front() + "'");
  ::fcntl(child.in.ends[1], F_SETFL, O_NONBLOCK);
  return {};
}

// Reads what is there; false at the end of the stream. Output above the limit is read and dropped.
bool drain(int fd, std::string& text, std::size_t max_output) {
  std::array<char, 16384> buffer{};
  const ssize_t count = ::read(fd, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  if (count == 0) return false;
  text.append(buffer.data(),
              std::min(static_cast<std::size_t>(count), max_output - std::min(max_output, text.size())));
  return true;
}

// What the pipe still holds (at most its largest size, 1 MiB) once the program itself has ended.
void drain_rest(int fd, std::string& text, std::size_t max_output) {
  if (fd < 0) return;
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  for (int i = 0; i < 64; ++i) {
    const std::size_t before = text.size();
    if (!drain(fd, text, max_output) || text.size() == before) return;
  }
}

// Feeds and reads until both outputs are closed, or the program has ended: something that it left running in
// the background may keep its outputs open for ever. False: the deadline passed.
bool exchange(Child& child, std::string_view input, ProcessOutput& output, SteadyClock::time_point deadline,
              std::size_t max_output) {
  const Pipe exited{{static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)), -1}};
  while (child.out.ends[0] >= 0 || child.err.ends[0] >= 0) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    if (left <= 0) return false;
    if (input.empty()) child.in.close_end(1);
    std::array<pollfd, 4> polled{{{child.out.ends[0], POLLIN, 0},
                                  {child.err.ends[0], POLLIN, 0},
                                  {child.in.ends[1], POLLOUT, 0},
                                  {exited.ends[0], POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), static_cast<int>(std::min<long>(left, 1000))) < 0 &&
        errno != EINTR)
      return false;
    if (polled[3].revents != 0) {
      drain_rest(child.out.ends[0], output.out, max_output);
      drain_rest(child.err.ends[0], output.err, max_output);
      return true;
    }
    if (polled[0].revents != 0 && !drain(child.out.ends[0], output.out, max_output)) child.out.close_end(0);
    if (polled[1].revents != 0 && !drain(child.err.ends[0], output.err, max_output)) child.err.close_end(0);
    if (polled[2].revents != 0) {
      const ssize_t written = ::write(child.in.ends[1], input.data(), input.size());
      if (written >= 0)
        input.remove_prefix(static_cast<std::size_t>(written));
      else if (errno != EINTR && errno != EAGAIN)
        input = {};
    }
  }
  return true;
}

int wait_for_exit(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Waits without blocking past the deadline; false when the child still runs then.
bool wait_until(pid_t pid, SteadyClock::time_point deadline, int& exit_code) {
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == pid) {
      exit_code = wait_for_exit(pid);
      return true;
    }
    if (SteadyClock::now() >= deadline) return false;
    ::poll(nullptr, 0, 2);
  }
}

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of("\r\n ");
  if (end == std::string::npos) return {};
  const auto begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     begin == std::string::npos ? end + 1 : end - begin);
}

}  // namespace

Result<ProcessOutput> run_process(const std::vector<std::string>& argv, std::chrono::milliseconds limit,
                                  std::string_view input, std::size_t max_output) {
  if (argv.empty()) return Error{Code::internal, "no program to run was named"};
  const NoBrokenPipeSignal guard;
  Child child;
  CELL_TRY(spawn(argv, child));
  const auto deadline = SteadyClock::now() + limit;
  ProcessOutput output;
  if (exchange(child, input, output, deadline, max_output) &&
      wait_until(child.pid, deadline, output.exit_code)) {
    return output;
  }
  ::kill(-child.pid, SIGKILL);
  wait_for_exit(child.pid);
  return Error{Code::timeout,
               "'" + argv.front() + "' took longer than " + std::to_string(limit.count()) + " ms", ""};
}

Result<std::string> run_checked(const std::vector<std::string>& argv, std::chrono::milliseconds limit,
                                std::string_view input) {
  ProcessOutput output = CELL_TRY(run_process(argv, limit, input));
  if (output.exit_code != 0) {
    return Error{Code::internal, "'" + argv.front() + "' ended with " + std::to_string(output.exit_code) +
                                     ": " + last_line(output.err)};
  }
  return std::move(output.out);
}

}  // namespace cell
