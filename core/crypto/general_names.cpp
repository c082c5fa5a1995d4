#include "crypto/general_names.hpp"

namespace cell::crypto {

namespace {

bool is_label(std::string_view label) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         label.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  for (;;) {
    const auto dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

Result<GeneralNamePtr> make_name(int type, ASN1_STRING* value, const std::string& bytes) {
  GeneralNamePtr name(GENERAL_NAME_new());
  if (!name || value == nullptr ||
      ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size())) != 1) {
    ASN1_STRING_free(value);
    return openssl_error("cannot make a name of a certificate");
  }
  GENERAL_NAME_set0_value(name.get(), type, value);
  return name;
}

}  // namespace

Result<GeneralNamePtr> host_name(const std::string& text) {
  const std::string_view rest = std::string_view(text).substr(text.starts_with("*.") ? 2 : 0);
  if (!is_dns_name(rest)) return Error{Code::invalid_argument, "'" + text + "' is not a host name"};
  return make_name(GEN_DNS, ASN1_IA5STRING_new(), text);
}

Result<GeneralNamePtr> domain(const std::string& text) {
  if (!is_dns_name(text)) return Error{Code::invalid_argument, "'" + text + "' is not a domain name"};
  return make_name(GEN_DNS, ASN1_IA5STRING_new(), text);
}

// An address and a mask, all zero: matches every one.
Result<GeneralNamePtr> every_ipv4_address() {
  return make_name(GEN_IPADD, ASN1_OCTET_STRING_new(), std::string(8, '\0'));
}

Result<GeneralNamePtr> every_ipv6_address() {
  return make_name(GEN_IPADD, ASN1_OCTET_STRING_new(), std::string(32, '\0'));
}

}  // namespace cell::crypto
