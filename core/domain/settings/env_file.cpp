#include <algorithm>

#include "domain/settings/environment.hpp"

namespace cell::settings {

namespace {

constexpr std::size_t kMaxEnvFile = 256 * 1024;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

bool is_variable_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

Error at_line(std::size_t number, const std::string& detail) {
  return Error{Code::invalid_argument, "line " + std::to_string(number) + ": " + detail,
               "each line is NAME=VALUE or a comment that starts with '#'"};
}

Result<std::string> read_value(std::string_view raw, std::size_t number) {
  if (raw.empty() || (raw.front() != '"' && raw.front() != '\'')) {
    const std::size_t comment = raw.find(" #");
    return std::string(trim(raw.substr(0, comment)));
  }
  const std::size_t end = raw.find(raw.front(), 1);
  if (end == std::string_view::npos) return at_line(number, "the quote is not closed");
  const std::string_view rest = trim(raw.substr(end + 1));
  if (!rest.empty() && rest.front() != '#') return at_line(number, "there is text after the closing quote");
  return std::string(raw.substr(1, end - 1));
}

}  // namespace

Result<std::map<std::string, std::string>> parse_env_file(std::string_view text) {
  if (text.size() > kMaxEnvFile) return Error{Code::too_large, "the environment file is larger than 256 KiB"};
  std::map<std::string, std::string> values;
  std::size_t number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string_view line = trim(text.substr(start, end - start));
    start = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    if (line.find('\0') != std::string_view::npos) return at_line(number, "there is a NUL byte");
    if (line.starts_with("export ")) line = trim(line.substr(7));
    const std::size_t equals = line.find('=');
    const std::string_view name = line.substr(0, equals);
    if (equals == std::string_view::npos || !is_variable_name(name))
      return at_line(number, "this is not NAME=VALUE");
    const auto [_, is_new] =
        values.emplace(name, CELL_TRY(read_value(trim(line.substr(equals + 1)), number)));
    if (!is_new) return at_line(number, "'" + std::string(name) + "' stands there twice");
  }
  return values;
}

}  // namespace cell::settings
