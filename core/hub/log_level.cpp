#include "hub/log_level.hpp"

#include "base/atomic_file.hpp"

namespace cell::hub {

log::Level read_log_level(const std::filesystem::path& state_directory) {
  constexpr std::size_t kMaxFile = 64;
  const auto text = read_file(state_directory / kLogLevelFile, kMaxFile);
  if (!text) return log::Level::info;
  const auto level = log::parse_level(std::string_view(*text).substr(0, text->find('\n')));
  return level ? *level : log::Level::info;
}

}  // namespace cell::hub
