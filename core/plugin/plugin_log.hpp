#pragma once

#include <chrono>
#include <mutex>

#include "base/log.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// A plugin's own log with a limit, so that one that writes without end does not fill the disk and the
// processor. Thread: any.
class PluginLog {
 public:
  static constexpr int kLinesPerSecond = 100;

  explicit PluginLog(log::Logger log) : log_(std::move(log)) {}
  void write(std::int32_t level, std::string_view message, std::string_view fields);
  [[nodiscard]] const log::Logger& logger() const { return log_; }

 private:
  bool take(int& dropped);

  const log::Logger log_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point second_{};
  int lines_ = 0;
  int dropped_ = 0;
};

}  // namespace cell::plugin
