#pragma once

#include "base/result.hpp"
#include "http/message.hpp"

namespace cell::api {

// Refuses (forbidden, reason "foreign_origin") a request that a browser says was made by another site's page:
// by Sec-Fetch-Site (W3C Fetch Metadata) or by an Origin that is not the host asked for. Other clients send
// neither.
Result<void> check_origin(const http::Request& request);

// True when a person sits at this machine: a direct loopback connection that also names the loopback in Host.
// Without the second condition a web page could reach a cell through a name of its own that resolves to
// 127.0.0.1 (DNS rebinding).
bool is_at_this_machine(const http::Request& request);

}  // namespace cell::api
