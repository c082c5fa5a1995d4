#include "hub/members.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace cell::hub {

Members::Members(const Json& object, std::string at, std::initializer_list<std::string_view> known)
    : object_(object), at_(std::move(at)) {
  if (!object_.is_object()) {
    result_ = field_error(at_, "must be an object");
    return;
  }
  for (const auto& [name, value] : object_.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      fail(name, "unknown field '" + name.substr(0, 64) + "'");
    }
  }
}

void Members::fail(std::string_view name, std::string detail, std::string hint) {
  if (result_) result_ = field_error(pointer(name), std::move(detail), std::move(hint));
}

Result<void> Members::result() const { return result_; }

const Json* Members::find(std::string_view name) {
  if (!result_) return nullptr;
  const auto found = object_.find(name);
  if (found != object_.end()) return &*found;
  fail(name, "'" + std::string(name) + "' is missing");
  return nullptr;
}

std::string Members::text(std::string_view name, std::size_t max_size) {
  const Json* value = find(name);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    fail(name, "must be text");
    return {};
  }
  auto text = value->get<std::string>();
  if (text.size() > max_size) fail(name, "is longer than " + std::to_string(max_size) + " bytes");
  return text;
}

std::string Members::text_or_empty(std::string_view name, std::size_t max_size) {
  return has(name) ? text(name, max_size) : std::string{};
}

bool Members::flag(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return false;
  if (!value->is_boolean()) {
    fail(name, "must be true or false");
    return false;
  }
  return value->get<bool>();
}

std::uint64_t Members::number(std::string_view name, std::uint64_t min, std::uint64_t max) {
  const Json* value = find(name);
  if (value == nullptr) return 0;
  // Numbers written by a program are unsigned or signed by the accident of their C++ type.
  const bool is_natural =
      value->is_number_unsigned() || (value->is_number_integer() && value->get<std::int64_t>() >= 0);
  const auto result = is_natural ? value->get<std::uint64_t>() : 0;
  if (!is_natural || result < min || result > max) {
    fail(name, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return 0;
  }
  return result;
}

std::uint64_t Members::number_or_zero(std::string_view name, std::uint64_t max) {
  return has(name) ? number(name, 0, max) : 0;
}

std::int64_t Members::signed_number(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return 0;
  if (!value->is_number_integer()) {
    fail(name, "must be a whole number");
    return 0;
  }
  return value->get<std::int64_t>();
}

const Json& Members::array_or_empty(std::string_view name, std::size_t max_items) {
  static const Json empty = Json::array();
  return has(name) ? array(name, max_items) : empty;
}

const Json& Members::array(std::string_view name, std::size_t max_items) {
  static const Json empty = Json::array();
  const Json* value = find(name);
  if (value == nullptr) return empty;
  if (!value->is_array()) {
    fail(name, "must be a list");
    return empty;
  }
  if (value->size() > max_items) {
    fail(name, "has more than " + std::to_string(max_items) + " entries");
    return empty;
  }
  return *value;
}

const Json& Members::object(std::string_view name) {
  static const Json empty = Json::object();
  const Json* value = find(name);
  return value == nullptr ? empty : *value;
}

std::vector<std::string> Members::texts(std::string_view name, std::size_t max_items, std::size_t max_size) {
  std::vector<std::string> result;
  for (const auto& item : array(name, max_items)) {
    if (!item.is_string() || item.get_ref<const std::string&>().size() > max_size) {
      fail(name, "must be a list of texts of at most " + std::to_string(max_size) + " bytes");
      return {};
    }
    result.push_back(item.get<std::string>());
  }
  return result;
}

bool is_key(std::string_view text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() != 44 || text.back() != '=') return false;
  for (const char c : text.substr(0, 43)) {
    if (kAlphabet.find(c) == std::string_view::npos) return false;
  }
  // 256 bits are 42 digits and four bits: the last two bits of the 43rd digit must be zero.
  return kAlphabet.find(text[42]) % 4 == 0;
}

namespace {

bool is_canonical(int family, std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return false;
  const std::string terminated(text);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(family, terminated.c_str(), bytes.data()) != 1) return false;
  std::array<char, INET6_ADDRSTRLEN> again{};
  inet_ntop(family, bytes.data(), again.data(), again.size());
  return text == again.data();
}

}  // namespace

bool is_ipv4(std::string_view text) { return is_canonical(AF_INET, text); }
bool is_ipv6(std::string_view text) { return is_canonical(AF_INET6, text); }
bool is_address(std::string_view text) { return is_ipv4(text) || is_ipv6(text); }

bool is_subnet(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const auto address = text.substr(0, slash);
  const auto digits = text.substr(slash + 1);
  unsigned prefix = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return false;
  return (is_ipv4(address) && prefix <= 32) || (is_ipv6(address) && prefix <= 128);
}

}  // namespace cell::hub
