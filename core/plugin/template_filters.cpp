#include "plugin/template.hpp"

namespace cell::plugin {

namespace {

using Filter = Result<std::string> (*)(const std::string& text);

Error refuse(const char* why) { return Error{Code::invalid_argument, why}; }

// Line and paragraph separators end a line for some readers (Python's splitlines), as U+0085 does.
bool has_wide_break(std::string_view text) {
  for (const std::string_view mark : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (text.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

Result<std::string> as_line(const std::string& text) {
  if (std::any_of(text.begin(), text.end(), is_control) || has_wide_break(text))
    return refuse("must not hold line breaks or control characters");
  return text;
}

Result<std::string> as_text(const std::string& text) {
  const auto is_bad = [](char c) { return is_control(c) && c != '\n' && c != '\t'; };
  if (std::any_of(text.begin(), text.end(), is_bad)) return refuse("must not hold control characters");
  return text;
}

Result<std::string> as_name(const std::string& text) {
  const auto is_good = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (text.empty() || text.front() == '-' || text.front() == '.' ||
      !std::all_of(text.begin(), text.end(), is_good))
    return refuse("must be made of letters, digits, '.', '_' and '-', and begin with a letter, digit or '_'");
  return text;
}

Result<std::string> as_field(const std::string& text) {
  CELL_TRY(as_line(text));
  if (text.find(':') != std::string::npos) return refuse("must not hold ':'");
  return text;
}

Result<std::string> as_ini(const std::string& text) {
  CELL_TRY(as_line(text));
  if (text.find_first_of("\"\\#;") != std::string::npos) return refuse("must not hold any of \" \\ # ;");
  if (text.starts_with(' ') || text.ends_with(' ')) return refuse("must not begin or end with a space");
  return text;
}

Result<std::string> as_shell(const std::string& text) {
  CELL_TRY(as_line(text));
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'')
      word += "'\\''";
    else
      word += c;
  }
  return word + "'";
}

Result<std::string> as_url(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain)
      encoded += c;
    else
      encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return encoded;
}

Result<std::string> as_xml(const std::string& text) {
  CELL_TRY(as_text(text));
  std::string escaped;
  for (const char c : text) {
    switch (c) {
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
        escaped += "&apos;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

const std::map<std::string_view, Filter> kFilters{{"line", as_line},   {"text", as_text}, {"name", as_name},
                                                  {"field", as_field}, {"ini", as_ini},   {"shell", as_shell},
                                                  {"url", as_url},     {"xml", as_xml}};

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? std::string() : dump_json(value);
}

std::string pointer_of(const std::string& name) {
  std::string pointer = "/" + name;
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  return pointer;
}

}  // namespace

bool is_filter(std::string_view name) { return name == "json" || name == "value" || kFilters.contains(name); }

Result<std::string> apply_filter(std::string_view filter, const std::string& name, const Json& value) {
  if (filter == "json") return dump_json(value);
  const auto found = kFilters.find(filter);
  if (found == kFilters.end()) return refuse("there is no such filter");
  if (value.is_structured()) return field_error(pointer_of(name), "is a list, which only '|json' can write");
  auto text = found->second(text_of(value));
  if (!text) return field_error(pointer_of(name), "'" + name + "' " + text.error().message);
  return text;
}

}  // namespace cell::plugin
