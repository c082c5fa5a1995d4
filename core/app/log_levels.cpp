#include "app/log_levels.hpp"

namespace cell::app {

void LogLevels::apply(const Json& root) {
  const std::lock_guard lock(mutex_);
  apply_locked(root);
}

void LogLevels::release(const Json& root) {
  const std::lock_guard lock(mutex_);
  from_environment_.clear();
  apply_locked(root);
}

std::string LogLevels::from_environment() const {
  const std::lock_guard lock(mutex_);
  return from_environment_;
}

void LogLevels::apply_locked(const Json& root) {
  const Json& core = json_member(json_member(root, "logging"), "core");
  const std::string wanted =
      from_environment_.empty() ? json_string(core, "root", "info") : from_environment_;
  const auto level = log::parse_level(wanted);
  std::map<std::string, log::Level> services;
  for (const auto& [name, value] : json_member(core, "services").items()) {
    const auto own = log::parse_level(value.is_string() ? value.get<std::string>() : "");
    if (own) services[name] = *own;
  }
  if (level) logs_.set_levels(*level, services);
}

}  // namespace cell::app
