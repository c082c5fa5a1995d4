#pragma once

#include "base/json.hpp"

namespace cell::caddy {

// What a server answers by itself while the program behind it is away, as the value of its `errors`: a page
// that tries again for people, a problem document (RFC 9457) below the API's paths. Without it Caddy's answer
// is empty.
Json error_pages();

}  // namespace cell::caddy
