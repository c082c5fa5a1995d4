#include "coredns/zone.hpp"

#include <algorithm>

#include "coredns/name.hpp"

namespace cell::coredns {

namespace {

constexpr std::size_t kMaxString = 255;  // RFC 1035 §3.3: one character-string

// Everything that has a meaning in a master file, and every byte beyond ASCII, as \DDD.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
      out += c;
    } else {
      out += '\\';
      out += static_cast<char>('0' + byte / 100);
      out += static_cast<char>('0' + byte / 10 % 10);
      out += static_cast<char>('0' + byte % 10);
    }
  }
  return out + "\"";
}

std::string strings(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (!out.empty()) out += ' ';
    out += quoted(text.substr(0, kMaxString));
    text.remove_prefix(std::min(kMaxString, text.size()));
  }
  return out;
}

// A name with a dot in it is absolute, a single label belongs to the zone.
std::string target(std::string_view name) {
  return name.find('.') == std::string_view::npos ? lower(name) : absolute(name);
}

std::string data_of(const Record& record) {
  if (record.type == "TXT") return strings(record.value);
  if (record.type == "CNAME") return target(record.value);
  if (record.type == "MX" || record.type == "SRV") {
    const auto space = record.value.rfind(' ');
    return record.value.substr(0, space + 1) + target(std::string_view(record.value).substr(space + 1));
  }
  return record.value;
}

std::string line_of(const Record& record) {
  return lower(record.name) + " " + std::to_string(record.ttl) + " IN " + record.type + " " +
         data_of(record) + "\n";
}

std::uint32_t serial_of(std::string_view text) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return std::max(hash, 1U);
}

}  // namespace

std::string render_zone(const std::string& zone, const std::vector<Record>& records, std::uint32_t serial) {
  std::vector<std::string> lines;
  for (const Record& record : records) {
    if (check_record(record)) lines.push_back(line_of(record));
  }
  return master_file(zone, "ns", "hostmaster", std::move(lines), serial);
}

std::string master_file(const std::string& zone, const std::string& name_server, const std::string& person,
                        std::vector<std::string> lines, std::uint32_t serial) {
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string body;
  for (const std::string& line : lines) body += line;
  if (serial == 0) serial = serial_of(body);
  return "$ORIGIN " + absolute(zone) + "\n$TTL 300\n@ 300 IN SOA " + name_server + " " + person + " " +
         std::to_string(serial) + " 3600 600 86400 60\n@ 300 IN NS " + name_server + "\n" + body;
}

}  // namespace cell::coredns
