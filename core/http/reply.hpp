#pragma once

#include <string>

#include "http/guard.hpp"
#include "http/message.hpp"

namespace cell::http {

// Bytes of a response: status line, headers (with the security headers of every answer), and the body unless
// `head_only`.
std::string render_reply(const Response& response, const std::string& request_id, bool keep_alive,
                         bool head_only);

// The same for a request that never got to a handler.
Response refusal_response(const Refusal& refusal, const std::string& request_id);

// 128 random bits as hex.
std::string new_request_id();

}  // namespace cell::http
