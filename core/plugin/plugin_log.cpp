#include "plugin/plugin_log.hpp"

#include "plugin/documents.hpp"

namespace cell::plugin {

bool PluginLog::take(int& dropped) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    lines_ = 0;
    dropped = std::exchange(dropped_, 0);
  }
  if (lines_ == kLinesPerSecond) {
    ++dropped_;
    return false;
  }
  ++lines_;
  return true;
}

void PluginLog::write(std::int32_t level, std::string_view message, std::string_view fields) {
  int dropped = 0;
  const bool taken = take(dropped);
  if (dropped > 0) log_.warn("the plugin wrote too much, lines were dropped", {{"lines", dropped}});
  if (taken) write_log(log_, level, message, fields);
}

}  // namespace cell::plugin
