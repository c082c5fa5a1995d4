#include "coredns/name.hpp"

#include <algorithm>

#include <arpa/inet.h>

namespace cell::coredns {

namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view label, Underscore underscore) {
  if (underscore == Underscore::allowed && label.starts_with('_')) label.remove_prefix(1);
  if (label.empty() || label.size() > 63) return false;
  if (!is_alphanumeric(label.front()) || !is_alphanumeric(label.back())) return false;
  return std::all_of(label.begin(), label.end(), [&](char c) {
    return is_alphanumeric(c) || c == '-' || (c == '_' && underscore == Underscore::allowed);
  });
}

}  // namespace

bool is_name(std::string_view name, Underscore underscore) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty() || name.size() > 253) return false;
  for (;;) {
    const auto dot = name.find('.');
    if (!is_label(name.substr(0, dot), underscore)) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

bool is_ipv4(const std::string& text) {
  in_addr address{};
  return text.find('\0') == std::string::npos && inet_pton(AF_INET, text.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& text) {
  in6_addr address{};
  return text.find('\0') == std::string::npos && inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return out;
}

std::string absolute(std::string_view name) {
  std::string out = lower(name);
  if (!out.ends_with('.')) out += '.';
  return out;
}

}  // namespace cell::coredns
