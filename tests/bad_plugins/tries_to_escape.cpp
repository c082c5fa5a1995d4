#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "good.hpp"

// Does what the body says and answers what the system said: "allowed", or the error.
namespace {

std::string verdict(long result) { return result < 0 ? std::strerror(errno) : "allowed"; }

std::string attempt(const std::string& what) {
  if (what == "socket") return verdict(::socket(AF_INET, SOCK_STREAM, 0));
  if (what == "unix_socket") return verdict(::socket(AF_UNIX, SOCK_STREAM, 0));
  if (what == "fork") {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(0);
    return verdict(pid);
  }
  if (what == "exec") {
    char name[] = "/bin/true";
    char* arguments[] = {name, nullptr};
    return verdict(::execve(name, arguments, arguments + 1));
  }
  if (what == "kill_parent") return verdict(::kill(::getppid(), SIGTERM));
  if (what == "ptrace") return verdict(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
  if (what == "mount") return verdict(::mount("none", "/tmp", "tmpfs", 0, nullptr));
  if (what == "write_file") return verdict(::open("/tmp/cell-escape", O_WRONLY | O_CREAT, 0600));
  if (what == "read_shadow") return verdict(::open("/etc/shadow", O_RDONLY));
  if (what == "read_parent")
    return verdict(::open(("/proc/" + std::to_string(::getppid()) + "/environ").c_str(), O_RDONLY));
  if (what == "user") return std::to_string(::geteuid());
  if (what == "environment") return std::getenv("PATH") == nullptr ? "none" : "there";
  if (what == "signals_by_socket") return verdict(::fcntl(3, F_SETOWN, ::getppid()));
  if (what == "signal_of_socket") return verdict(::fcntl(3, F_SETSIG, SIGKILL));
  if (what == "threads") {
    rlimit most{};
    ::getrlimit(RLIMIT_NPROC, &most);
    return std::to_string(most.rlim_cur);
  }
  if (what == "files") {
    std::string open_ones;
    for (int fd = 0; fd < 64; ++fd) {
      if (::fcntl(fd, F_GETFD) >= 0) open_ones += std::to_string(fd) + " ";
    }
    return open_ones;
  }
  return "?";
}

}  // namespace

extern "C" cell_status cell_plugin_open(const cell_host*, cell_plugin* plugin, const cell_sink*) {
  good::open(plugin);
  plugin->handle = [](void*, cell_bytes, cell_bytes body, const cell_sink* head,
                      const cell_sink* answer) -> cell_status {
    good::write(head, R"({"status": 200})");
    return good::write(answer, attempt(std::string(reinterpret_cast<const char*>(body.data), body.length)));
  };
  return CELL_OK;
}
