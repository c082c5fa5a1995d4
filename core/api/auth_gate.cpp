#include "api/auth_gate.hpp"

#include <algorithm>

#include "api/session_cookie.hpp"
#include "crypto/digest.hpp"
#include "domain/settings/text.hpp"

namespace cell::api {

namespace {

Principal principal_of(const identity::Caller& caller) {
  Principal principal;
  principal.user_id = caller.person.id;
  principal.name = caller.person.name;
  principal.is_admin = caller.person.is_admin;
  if (caller.session) {
    principal.session_id = caller.session->id;
    principal.session_expires_at = caller.session->expires_at;
    principal.session_idle_expires_at = caller.session->idle_expires_at;
    principal.scopes = {"*"};
    return principal;
  }
  principal.token_id = caller.token->id;
  principal.scopes = caller.token->scopes;
  principal.read_only = caller.token->read_only;
  return principal;
}

Result<void> check_csrf(const http::Request& request) {
  const std::string expected = identity::csrf_token_of(session_token_of(request));
  const auto sent = request.headers.equal_range("X-CSRF-Token");
  const bool once = std::distance(sent.first, sent.second) == 1;
  if (once && crypto::equal_constant_time(sent.first->second, expected)) return {};
  return Error{Code::forbidden,
               "the CSRF token is missing or not the one of this session",
               "send csrf_token of GET /api/auth/session as X-CSRF-Token, or reload the page",
               {},
               "csrf"};
}

void record(identity::Audit& audit, const http::Request& request, const Principal* principal,
            const Route& route, int status) {
  // Without a principal nothing was changed, and strangers must not be able to fill the log. Log-in and
  // set-up write their own lines.
  if (principal == nullptr) return;
  const std::string result = status < 400 ? "ok" : "refused " + std::to_string(status);
  audit.record({0,
                {},
                principal->actor(),
                route.method + " " + route.path,
                request.path,
                result,
                request.remote_address});
}

}  // namespace

Result<identity::Caller> caller_of(identity::Identity& identity, const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view authorization = request.header("Authorization");
  if (authorization.empty()) return identity.by_session(session_token_of(request));
  if (settings::lower_ascii(authorization.substr(0, kScheme.size())) == kScheme) {
    return identity.by_token(authorization.substr(kScheme.size()), request.remote_address);
  }
  return Error{Code::unauthenticated, "this kind of authorization is not understood",
               "send 'Authorization: Bearer cell_…', or no such header to use the session cookie"};
}

Gate make_gate(identity::Identity& identity, std::function<bool()> setup_complete) {
  Gate gate;
  gate.setup_complete = std::move(setup_complete);
  gate.authenticate = [&identity](const http::Request& request) -> Result<Principal> {
    return principal_of(CELL_TRY(caller_of(identity, request)));
  };
  gate.check_csrf = [](const http::Request& request, const Principal&) { return check_csrf(request); };
  gate.audit = [&identity](const http::Request& request, const Principal* principal, const Route& route,
                           int status) { record(identity.audit(), request, principal, route, status); };
  return gate;
}

bool is_still_admitted(identity::Identity& identity, const Principal& principal) {
  const auto person = identity.people().find(principal.user_id);
  if (!person || person->is_admin != principal.is_admin) return false;
  if (!principal.token_id.empty()) return identity.tokens().is_valid(principal.user_id, principal.token_id);
  const auto sessions = identity.sessions().of_user(principal.user_id);
  return std::any_of(sessions.begin(), sessions.end(),
                     [&](const identity::Session& session) { return session.id == principal.session_id; });
}

config::CommitOptions commit_options(const Context& context, std::string summary) {
  return {context.principal->actor(), std::move(summary), context.if_match};
}

}  // namespace cell::api
