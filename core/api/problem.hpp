#pragma once

#include <string>

#include "base/error.hpp"
#include "http/message.hpp"

namespace cell::api {

// HTTP status of an error code; the only place that knows.
int status_of(Code code) noexcept;

// RFC 9457 document: {type: "urn:cell:problem:<reason or code>", title, status, detail, hint?, request_id,
// errors?}.
http::Response problem(const Error& error, const std::string& request_id);

}  // namespace cell::api
