#include "http/content_policy.hpp"

namespace cell::http {

std::string content_policy(const PageSources& sources) {
  std::string more;
  for (const std::string& source : sources) more += " " + source;
  return "default-src 'self'; connect-src 'self'" + more + "; img-src 'self' data: blob:" + more +
         "; media-src 'self'" + more +
         "; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
         "form-action 'self'";
}

}  // namespace cell::http
