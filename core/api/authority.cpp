#include "api/authority.hpp"

#include "domain/settings/text.hpp"

namespace cell::api {

namespace {

bool is_port(std::string_view text) {
  return text.size() >= 2 && text.size() <= 6 && text[0] == ':' &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
  const std::string lower = settings::lower_ascii(text);
  const auto colon = lower.find(':');
  if (colon == std::string::npos) return Authority{lower, {}};
  Authority authority{lower.substr(0, colon), lower.substr(colon)};
  if (!is_port(authority.port)) return std::nullopt;
  return authority;
}

}  // namespace cell::api
