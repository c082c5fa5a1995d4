#pragma once

#include <mutex>
#include <string>

#include "base/json.hpp"
#include "base/log.hpp"

namespace cell::app {

// Puts the levels of celld's own services into force: those of the document's section `logging.core`. A root
// level from the process's environment comes before the document's until somebody sets levels. Thread: any.
class LogLevels {
 public:
  // `from_environment`: empty where the environment sets none.
  LogLevels(log::Logs& logs, std::string from_environment)
      : logs_(logs), from_environment_(std::move(from_environment)) {}

  void apply(const Json& root);
  // From here on the document alone counts.
  void release(const Json& root);
  // The root level that comes before the document's; empty: none.
  [[nodiscard]] std::string from_environment() const;

 private:
  void apply_locked(const Json& root);

  log::Logs& logs_;
  mutable std::mutex mutex_;  // guards the following, and the order in which levels are put into force
  std::string from_environment_;
};

}  // namespace cell::app
