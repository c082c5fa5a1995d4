#pragma once

#include <string>
#include <string_view>

// DNS names as text (RFC 1035 §2.3.1, RFC 2181 §11, underscores after RFC 8552).
namespace cell::coredns {

enum class Underscore { refused, allowed };

// Labels of letters, digits and inner hyphens, 1–63 characters each, 253 in all; one trailing dot may be
// there.
bool is_name(std::string_view name, Underscore underscore);
bool is_ipv4(const std::string& text);
bool is_ipv6(const std::string& text);

std::string lower(std::string_view text);
// In lower case, with the dot that ends it.
std::string absolute(std::string_view name);

}  // namespace cell::coredns
