#include "http/guard.hpp"

namespace cell::http {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Percent-decodes one piece; nothing for a bad escape or one that makes a control character.
std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      if (i + 2 >= text.size()) return {};
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return {};
      c = static_cast<char>(high * 16 + low);
      i += 2;
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return {};
    }
    result += c;
  }
  return result;
}

// Decoded segments must not change the path's shape: no '/', no '\', no "." or "..".
bool is_harmless_segment(std::string_view segment) {
  return segment != "." && segment != ".." && segment.find('/') == std::string_view::npos &&
         segment.find('\\') == std::string_view::npos;
}

std::optional<std::string> read_path(std::string_view raw) {
  std::string path;
  while (!raw.empty()) {
    raw.remove_prefix(1);  // '/'
    const auto end = std::min(raw.find('/'), raw.size());
    auto segment = decode(raw.substr(0, end), false);
    if (!segment || !is_harmless_segment(*segment)) return {};
    path += '/';
    path += *segment;
    raw.remove_prefix(end);
  }
  return path;
}

std::variant<Target, Refusal> read_query(std::string_view raw, Target target) {
  while (!raw.empty()) {
    const auto end = std::min(raw.find('&'), raw.size());
    const std::string_view pair = raw.substr(0, end);
    raw.remove_prefix(std::min(raw.size(), end + 1));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = decode(pair.substr(0, equals), true);
    const auto value = decode(pair.substr(std::min(pair.size(), equals + 1)), true);
    if (!name || !value) return Refusal{400, "the query has a bad percent-encoding"};
    if (!target.query.emplace(*name, *value).second)
      return Refusal{400, "a query parameter stands there twice"};
  }
  return target;
}

}  // namespace

std::variant<Target, Refusal> read_target(std::string_view raw) {
  if (raw.empty() || raw.front() != '/') return Refusal{400, "the request target must be a path"};
  for (const char c : raw) {
    if (c <= 0x20 || c >= 0x7F)
      return Refusal{400, "the request target has a character that must be percent-encoded"};
  }
  if (raw.find('#') != std::string_view::npos) return Refusal{400, "the request target has a fragment"};
  const auto question = std::min(raw.find('?'), raw.size());
  auto path = read_path(raw.substr(0, question));
  if (!path) return Refusal{400, "the path has a bad percent-encoding or a segment that leads elsewhere"};
  return read_query(raw.substr(std::min(raw.size(), question + 1)), Target{std::move(*path), {}});
}

}  // namespace cell::http
