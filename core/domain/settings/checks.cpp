#include <algorithm>
#include <filesystem>
#include <fstream>

#include <arpa/inet.h>

#include "domain/settings/document.hpp"
#include "domain/settings/text.hpp"

namespace cell::settings {

namespace {

constexpr std::size_t kMaxCellName = 32;
constexpr std::size_t kMaxDisplayName = 64;
constexpr std::size_t kMaxHostName = 253;  // RFC 1035 §2.3.4 without the final dot
constexpr std::size_t kMaxLabel = 63;
constexpr const char* kZoneList = "/usr/share/zoneinfo/tzdata.zi";
constexpr const char* kZoneTable = "/usr/share/zoneinfo/zone1970.tab";

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > kMaxHostName) return false;
  std::string_view last;
  for (std::size_t start = 0; start <= host.size();) {
    const std::size_t dot = std::min(host.find('.', start), host.size());
    last = host.substr(start, dot - start);
    if (!is_label(last)) return false;
    start = dot + 1;
  }
  // A last label of digits only is a mistyped IPv4 address, never a name (RFC 1123 §2.1).
  return !std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_address(const std::string& text) {
  in_addr v4{};
  in6_addr v6{};
  return inet_pton(AF_INET, text.c_str(), &v4) == 1 || inet_pton(AF_INET6, text.c_str(), &v6) == 1;
}

// Lines of tzdata.zi: "Z <name> …" for zones, "L <target> <name>" for links.
void add_zones_of_list(std::vector<std::string>& names) {
  std::ifstream file(kZoneList);
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(' ');
    if (first != 1 || (line[0] != 'Z' && line[0] != 'L')) continue;
    const std::size_t second = line.find(' ', 2);
    if (line[0] == 'Z')
      names.push_back(line.substr(2, second == std::string::npos ? second : second - 2));
    else if (second != std::string::npos)
      names.push_back(line.substr(second + 1));
  }
}

// Lines of zone1970.tab: countries, coordinates, name, comment; separated by tabs.
void add_zones_of_table(std::vector<std::string>& names) {
  std::ifstream file(kZoneTable);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t first = line.find('\t');
    const std::size_t second = first == std::string::npos ? first : line.find('\t', first + 1);
    if (second == std::string::npos) continue;
    const std::size_t end = std::min(line.find('\t', second + 1), line.size());
    names.push_back(line.substr(second + 1, end - second - 1));
  }
}

}  // namespace

std::vector<std::string> timezones() {
  std::vector<std::string> names{"UTC"};
  add_zones_of_list(names);
  if (names.size() == 1) add_zones_of_table(names);
  std::erase_if(names, [](const std::string& name) {
    return name.find('/') == std::string::npos &&
           name != "UTC";  // "EST", "Cuba": old names that nobody should choose
  });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<void> check_timezone(const std::string& name, const std::string& pointer) {
  const auto known = timezones();
  if (std::binary_search(known.begin(), known.end(), name)) return {};
  return field_error(pointer, "this timezone is not known", "choose a name such as 'Europe/Berlin' or 'UTC'");
}

Result<void> check_cell_name(const std::string& name, const std::string& pointer) {
  const bool fits = name.size() <= kMaxCellName && is_label(name) && name == lower_ascii(name);
  if (fits) return {};
  return field_error(pointer, "a cell's name has 1 to 32 lower-case letters, digits and inner hyphens",
                     "for example 'home'");
}

Result<void> check_endpoint_host(const std::string& host, const std::string& pointer) {
  if (host.find('\0') == std::string::npos && (is_address(host) || is_host_name(host))) return {};
  return field_error(pointer, "this is neither a host name nor an IP address",
                     "give it without port and brackets, for example 'home.example.org' or '192.0.2.7'");
}

Result<void> check_display_name(const std::string& name, const std::string& pointer) {
  const auto points = decode_utf8(name);
  if (!points) return field_error(pointer, "the name is not valid UTF-8");
  if (points->empty() || points->size() > kMaxDisplayName) {
    return field_error(pointer, "a name has 1 to 64 characters");
  }
  if (std::any_of(points->begin(), points->end(), is_control)) {
    return field_error(pointer, "a name has no line breaks or other control characters");
  }
  if (std::any_of(points->begin(), points->end(), is_bidirectional_mark)) {
    return field_error(pointer, "a name has no marks that change the writing direction");
  }
  if (std::all_of(points->begin(), points->end(), is_blank)) return field_error(pointer, "the name is blank");
  if (is_blank(points->front()) || is_blank(points->back())) {
    return field_error(pointer, "the name begins or ends with a blank");
  }
  return {};
}

}  // namespace cell::settings
