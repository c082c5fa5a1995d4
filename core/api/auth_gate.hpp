#pragma once

#include "api/api.hpp"
#include "domain/identity/identity.hpp"

namespace cell::api {

// The gate of a cell whose people are `identity`, which must outlive it.
Gate make_gate(identity::Identity& identity, std::function<bool()> setup_complete);

// Who asks: by bearer token if the request brings one, else by session cookie.
Result<identity::Caller> caller_of(identity::Identity& identity, const http::Request& request);

// Whether somebody whose request was admitted still would be: the same role, and the session or token is
// still valid. For what outlives the request; never waits.
bool is_still_admitted(identity::Identity& identity, const Principal& principal);

// Options of a commit for the one who asks.
config::CommitOptions commit_options(const Context& context, std::string summary);

}  // namespace cell::api
