#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include <sys/types.h>

#include "base/result.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// One run of cell-plugin-host. Ends with the object.
class ChildProcess {
 public:
  // With an empty environment, no open files but the socket, the library and its outputs, and as nobody where
  // this process is root. The thread that starts it must live as long: the child dies with it.
  static Result<std::unique_ptr<ChildProcess>> start(const std::filesystem::path& program,
                                                     const std::filesystem::path& library,
                                                     std::int64_t memory_mb);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] int socket() const { return socket_; }
  // Ends it at once, also from another thread; `because` is what end() then tells.
  void kill(const std::string& because);
  // False: it has not ended by then.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds limit) const;
  // Waits until it has ended and tells how: "it was ended by signal 11 (Segmentation fault)".
  std::string end();
  // What it last wrote to its outputs.
  std::string output();
  [[nodiscard]] std::int64_t memory_bytes() const;

 private:
  ChildProcess(pid_t pid, int socket, int output) : socket_(socket), output_(output), pid_(pid) {}

  const int socket_;
  const int output_;
  mutable std::mutex mutex_;
  pid_t pid_;  // -1 when it has been waited for
  std::string killed_because_;
};

}  // namespace cell::plugin
