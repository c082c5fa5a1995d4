#pragma once

#include "api/route.hpp"
#include "base/schema.hpp"

namespace cell::api {

// The body as JSON, checked against the route's schema; null where the route takes none.
// Errors: media_type (not JSON), too_large, invalid_argument with pointers.
Result<Json> read_body(const Route& route, const Schema* schema, const http::Request& request);

// Refuses query parameters the route does not know.
Result<void> check_query(const Route& route, const http::Request& request);

// The revision of an If-Match header: `"7"` or `W/"7"`; nothing without the header or for `*`.
Result<std::optional<std::int64_t>> read_if_match(const http::Request& request);

}  // namespace cell::api
