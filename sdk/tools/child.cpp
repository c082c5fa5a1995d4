#include "child.hpp"

#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cell::tool {
namespace {

using Clock = std::chrono::steady_clock;

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written <= 0) ::_exit(1);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void be_child(const std::function<Json()>& work, int fd) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // Whatever the plugin prints must not look like the tool's own lines.
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  write_all(fd, dump_json(work()));
  ::_exit(0);
}

// Everything up to the end of the file; false when the limit passed before.
bool read_all(int fd, std::string& text, Clock::time_point until) {
  char buffer[65536];
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd waiting{fd, POLLIN, 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) == 0) return false;
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count <= 0) return true;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

Error ended(int status) {
  if (WIFSIGNALED(status))
    return {Code::unavailable, std::string("crashed: ") + ::strsignal(WTERMSIG(status))};
  return {Code::unavailable, "ended the process with exit code " + std::to_string(WEXITSTATUS(status))};
}

}  // namespace

Result<Json> run_in_child(const std::function<Json()>& work, std::chrono::milliseconds limit) {
  int ends[2];
  if (::pipe(ends) != 0) return from_errno(errno, "cannot make a pipe");
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    be_child(work, ends[1]);
  }
  ::close(ends[1]);
  std::string text;
  const bool in_time = child > 0 && read_all(ends[0], text, Clock::now() + limit);
  ::close(ends[0]);
  if (child < 0) return from_errno(errno, "cannot start a process");
  if (!in_time) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!in_time)
    return Error{Code::unavailable, "did not answer within " + std::to_string(limit.count()) + " ms"};
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || text.empty()) return ended(status);
  return parse_json(text, {.max_bytes = 256UL * 1024 * 1024});
}

}  // namespace cell::tool
