#pragma once

#include "api/api.hpp"

namespace cell::api {

// The part of the middleware that decides who may go on to a handler. Pure but for the calls to the gate.

// 428 before setup for everything under /api/ but /api/setup and routes with before_setup; 409 for /api/setup
// afterwards.
Result<void> check_setup(const Gate& gate, const Route* route, std::string_view path);

// Who asks, if the route wants to know; then role, scope and read-only flag, Origin and CSRF token.
Result<std::optional<Principal>> admit(const Gate& gate, const Route& route, const http::Request& request);

}  // namespace cell::api
