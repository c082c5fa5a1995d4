#include <charconv>

#include "coredns/name.hpp"
#include "coredns/zone.hpp"

namespace cell::coredns {

namespace {

constexpr std::size_t kMaxText = 4000;            // fits an answer over TCP with room to spare
constexpr std::uint32_t kMaxTtl = 7 * 24 * 3600;  // longer than that nobody can take an error back

// Control characters, and bytes that are no UTF-8.
bool is_printable_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x20 || first == 0x7f) return false;
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xf0 && first < 0xf5 ? 4
                               : first >= 0xe0                 ? 3
                               : first >= 0xc2                 ? 2
                                                               : 0;
    if (length == 0 || (first >= 0xf5) || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80U) return false;
    }
    if (first == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return false;  // C1 controls
    i += length;
  }
  return true;
}

bool is_number(std::string_view text) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto space = text.find(' ');
    if (space != 0) out.push_back(text.substr(0, space));
    if (space == std::string_view::npos) break;
    text.remove_prefix(space + 1);
  }
  return out;
}

bool is_target(std::string_view name) { return is_name(name, Underscore::allowed); }

// "10 mail.example" with one number, "0 5 443 host" with three. "." says that there is no such service.
Result<void> check_numbers_and_host(const std::string& value, std::size_t numbers,
                                    const std::string& example) {
  const auto parts = words(value);
  bool fine = parts.size() == numbers + 1;
  for (std::size_t i = 0; fine && i < numbers; ++i) fine = is_number(parts[i]);
  if (!fine || (parts.back() != "." && !is_name(parts.back(), Underscore::refused))) {
    return field_error("/value", "must look like '" + example + "'");
  }
  return {};
}

Result<void> check_text(const std::string& value) {
  if (value.empty()) return field_error("/value", "must not be empty");
  if (value.size() > kMaxText)
    return field_error("/value", "must not be longer than " + std::to_string(kMaxText) + " bytes");
  if (!is_printable_text(value)) return field_error("/value", "must be text without control characters");
  return {};
}

Result<void> check_value(const Record& record) {
  if (record.type == "A") {
    if (!is_ipv4(record.value)) return field_error("/value", "must be an IPv4 address like 192.0.2.7");
  } else if (record.type == "AAAA") {
    if (!is_ipv6(record.value)) return field_error("/value", "must be an IPv6 address like 2001:db8::7");
  } else if (record.type == "CNAME") {
    if (record.name == "@")
      return field_error("/name", "a CNAME may not stand at the top of the zone", "use A and AAAA records");
    if (!is_target(record.value)) return field_error("/value", "must be a host name like nas.example.org");
  } else if (record.type == "MX") {
    return check_numbers_and_host(record.value, 1, "10 mail.example.org");
  } else if (record.type == "SRV") {
    return check_numbers_and_host(record.value, 3, "0 5 443 host.example.org");
  } else if (record.type == "TXT") {
    return check_text(record.value);
  } else {
    return field_error("/type", "must be one of A, AAAA, CNAME, TXT, MX, SRV");
  }
  return {};
}

Result<void> check_owner_name(const Record& record) {
  if (record.name == "@") return {};
  std::string_view name = record.name;
  if (name.ends_with('.'))
    return field_error("/name", "must be relative to the zone, without a dot at its end");
  if (name == "*") return {};
  if (name.starts_with("*.")) name.remove_prefix(2);
  const bool underscore = record.type == "SRV" || record.type == "TXT" || record.type == "CNAME";
  if (name.size() > 190 || !is_name(name, underscore ? Underscore::allowed : Underscore::refused)) {
    return field_error(
        "/name",
        "must be letters, digits and hyphens in parts of at most 63 characters, or @ for the zone itself",
        underscore ? "" : "underscores may stand in the names of SRV, TXT and CNAME records only");
  }
  return {};
}

}  // namespace

Result<void> check_record(const Record& record) {
  CELL_TRY(check_value(record));
  CELL_TRY(check_owner_name(record));
  if (record.ttl > kMaxTtl)
    return field_error("/ttl", "must not be more than " + std::to_string(kMaxTtl) + " seconds (a week)");
  return {};
}

}  // namespace cell::coredns
