#pragma once

#include "base/json.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// The request of a host method held against its schema; internal for an unknown method.
Result<void> check_host_request(const std::string& method, const Json& request);

// The host of an https URL, in lower case: no user, no port but 443, no address literal in brackets.
Result<std::string> host_of_url(const std::string& url);

}  // namespace cell::plugin
