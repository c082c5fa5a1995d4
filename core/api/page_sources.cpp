#include "api/page_sources.hpp"

#include "api/authority.hpp"
#include "domain/settings/document.hpp"
#include "domain/settings/services.hpp"
#include "domain/settings/text.hpp"

namespace cell::api {

http::PageSources page_sources(const Json& root, const http::Request& request) {
  const std::string domain = settings::lower_ascii(settings::identity_of(root).domain_name);
  const auto page = parse_authority(request.header("Host"));
  if (!request.secure || !page || page->host != domain) return {};
  http::PageSources sources;
  for (const std::string& place : settings::web_ui_places_of(root)) {
    const auto slash = place.find('/');
    sources.push_back("https://" + place.substr(0, slash) + "." + domain + page->port + place.substr(slash));
  }
  return sources;
}

std::string own_page_origin(const Json& root, const http::Request& request) {
  constexpr std::string_view kScheme = "https://";
  const std::string origin(request.header("Origin"));
  if (!origin.starts_with(kScheme)) return {};
  const auto page = parse_authority(std::string_view(origin).substr(kScheme.size()));
  const bool is_own = page && page->host == settings::lower_ascii(settings::identity_of(root).domain_name);
  return is_own ? origin : std::string();
}

}  // namespace cell::api
