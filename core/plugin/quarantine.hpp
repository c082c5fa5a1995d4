#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace cell::plugin {

struct Confined {
  std::string version;
  std::string call;  // in which it happened
  std::string message;
  std::string since;  // RFC 3339
};

// Plugins that are not to be loaded until the owner says so, kept in a folder over restarts. A plugin of this
// process that takes it down leaves its mark behind and is found in quarantine at the next start. Thread:
// any.
class Quarantine {
 public:
  // Turns marks that the process left behind when it ended into entries. The folder is made.
  static Result<std::unique_ptr<Quarantine>> open(const std::filesystem::path& folder, const Clock& clock);

  // Lies beside the call that may take the process down, and goes with the object. Not synced to the disk: a
  // process that ends loses nothing that it has written, and a machine that loses its power is not the
  // plugin's fault.
  class Mark {
   public:
    explicit Mark(std::filesystem::path file) : file_(std::move(file)) {}
    ~Mark();
    Mark(Mark&& other) noexcept : file_(std::exchange(other.file_, {})) {}
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    std::filesystem::path file_;
  };
  [[nodiscard]] Result<Mark> mark(const std::string& id, const std::string& version,
                                  const std::string& call) const;

  Result<void> put(const std::string& id, const std::string& version, const std::string& call,
                   const std::string& message);
  // Also when it is not in there.
  Result<void> release(const std::string& id);
  [[nodiscard]] std::optional<Confined> find(const std::string& id) const;

 private:
  Quarantine(std::filesystem::path folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}
  void load();
  Result<void> save(const std::string& id, const Confined& confined) const;

  const std::filesystem::path folder_;
  const Clock& clock_;
  mutable std::atomic<unsigned> next_mark_{1};
  mutable std::mutex mutex_;
  std::map<std::string, Confined> confined_;
};

}  // namespace cell::plugin
