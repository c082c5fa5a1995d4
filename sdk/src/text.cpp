#include "cell/text.hpp"

#include "cell/json.hpp"

namespace cell::sdk {
namespace {

bool is_alnum(char byte) noexcept {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

Error refused(std::string_view name, std::string_view why) {
  return {.code = Code::invalid_argument, .message = "'" + std::string(name) + "' " + std::string(why)};
}

bool is_label(std::string_view label) noexcept {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  for (const char byte : label) {
    if (!is_alnum(byte) && byte != '-') return false;
  }
  return true;
}

bool is_xml_text(std::string_view text) noexcept {
  for (const char byte : text) {
    if (static_cast<unsigned char>(byte) < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return false;
  }
  return is_utf8(text);
}

}  // namespace

bool is_host_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

Result<std::string> line(std::string_view text, std::string_view name) {
  if (!is_line(text)) return refused(name, "must be one line of text without control characters");
  return std::string(text);
}

Result<std::string> ini_value(std::string_view text, std::string_view name) {
  if (text.empty()) return refused(name, "must not be empty");
  std::string value = CELL_TRY(line(text, name));
  if (value.front() == ' ' || value.back() == ' ') return refused(name, "must not begin or end with a blank");
  if (value.front() == '"' || value.front() == '\'') return refused(name, "must not begin with a quote");
  if (value.find_first_of("#;%") != std::string::npos)
    return refused(name, "must not contain '#', ';' or '%'");
  return value;
}

Result<std::string> shell_word(std::string_view text) {
  std::string word = "'";
  for (const char byte : text) {
    if (byte == '\0') return refused("argument", "must not contain a NUL");
    if (byte == '\'') {
      word += "'\\''";
    } else {
      word += byte;
    }
  }
  return word + "'";
}

std::string json_text(std::string_view text) { return dump_json(Json(text)); }

Result<std::string> double_quoted(std::string_view text) {
  if (!is_line(text)) return refused("value", "must be one line of text without control characters");
  std::string quoted = "\"";
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') quoted += '\\';
    quoted += byte;
  }
  return quoted + '"';
}

Result<std::string> markup_text(std::string_view text) {
  if (!is_xml_text(text)) return refused("text", "must be text without control characters");
  std::string escaped;
  for (const char byte : text) {
    switch (byte) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += byte;
    }
  }
  return escaped;
}

std::string url_segment(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string segment;
  for (const char byte : text) {
    if (is_alnum(byte) || std::string_view("-._~").find(byte) != std::string_view::npos) {
      segment += byte;
    } else {
      const auto value = static_cast<unsigned char>(byte);
      segment += '%';
      segment += kHex[value >> 4U];
      segment += kHex[value & 0xFU];
    }
  }
  return segment;
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> split_list(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(separator);
    const std::string_view part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.emplace_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace cell::sdk
