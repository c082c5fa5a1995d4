#pragma once

#include "base/json.hpp"
#include "http/content_policy.hpp"
#include "http/message.hpp"

namespace cell::api {

// What a page of the web UI that is asked for with `request` may use of services: the places that installed
// ones name, at the port that the page itself comes from. Only for pages at https://<domain>: from any other
// address browsers send the services no cookie. Pure.
http::PageSources page_sources(const Json& root, const http::Request& request);

// The Origin of `request` if it is the cell's own page, else empty. Pure.
std::string own_page_origin(const Json& root, const http::Request& request);

}  // namespace cell::api
