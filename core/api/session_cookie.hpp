#pragma once

#include <string>

#include "domain/identity/identity.hpp"
#include "http/message.hpp"

namespace cell::api {

// The session token a request brings, from the cookie that fits its transport; empty without one.
std::string session_token_of(const http::Request& request);

// `cell_session` (RFC 6265), or `__Host-cell_session` with Secure where the request came over HTTPS.
void set_session_cookie(http::Response& response, const http::Request& request, const Secret& token);
void clear_session_cookie(http::Response& response, const http::Request& request);

// Where a session comes from.
identity::Origin origin_of(const http::Request& request);

// The object of GET /api/auth/session.
Json session_json(const identity::Person& person, const identity::Session& session, std::string_view token);
Json session_schema();

}  // namespace cell::api
