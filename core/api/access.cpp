#include "api/access.hpp"

#include <algorithm>

#include "api/origin.hpp"

namespace cell::api {

namespace {

bool is_under(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

// What a token must be allowed to write for.
bool needs_write(const Route& route) { return is_unsafe(route.method) || route.reveals; }

// Write access includes read access.
bool has_scope(const Principal& principal, const Route& route) {
  const auto granted = [&](const std::string& scope) {
    return std::find(principal.scopes.begin(), principal.scopes.end(), scope) != principal.scopes.end();
  };
  if (granted("*") || granted(route.tag + ":write")) return true;
  return !needs_write(route) && granted(route.tag + ":read");
}

Result<void> check_token(const Principal& principal, const Route& route) {
  if (principal.read_only && needs_write(route)) {
    const char* detail = route.reveals ? "this token may only read, and no keys" : "this token may only read";
    return Error{Code::forbidden, detail, "make a token without the read-only flag", {}, "token_read_only"};
  }
  if (has_scope(principal, route)) return {};
  const std::string scope = route.tag + (needs_write(route) ? ":write" : ":read");
  return Error{Code::forbidden,
               "this token lacks the scope '" + scope + "'",
               "make a token with that scope",
               {},
               "token_scope"};
}

}  // namespace

Result<void> check_setup(const Gate& gate, const Route* route, std::string_view path) {
  const bool complete = gate.setup_complete();
  const bool is_early = is_under(path, "/api/setup") || (route != nullptr && route->before_setup);
  if (!complete && is_under(path, "/api") && !is_early) {
    return Error{Code::setup_required, "this cell is not set up", "open /setup in a browser"};
  }
  if (complete && ((route != nullptr && route->access == Access::setup) || is_under(path, "/api/setup"))) {
    return Error{Code::conflict,
                 "this cell is set up already",
                 "log in and change it under Settings",
                 {},
                 "setup_complete"};
  }
  return {};
}

Result<std::optional<Principal>> admit(const Gate& gate, const Route& route, const http::Request& request) {
  const bool unsafe = is_unsafe(request.method);
  if (route.access == Access::open || route.access == Access::setup) {
    if (unsafe) CELL_TRY(check_origin(request));
    return std::optional<Principal>{};
  }
  if (route.access == Access::local && is_at_this_machine(request)) return std::optional<Principal>{};
  Principal principal = CELL_TRY(gate.authenticate(request));
  const bool by_token = !principal.token_id.empty();
  // A browser never adds a bearer token by itself, so another site's page has no use for it.
  if (unsafe && !by_token) {
    CELL_TRY(check_origin(request));
    if (route.csrf) CELL_TRY(gate.check_csrf(request, principal));
  }
  if (by_token) CELL_TRY(check_token(principal, route));
  const bool for_admins = route.access == Access::admin || route.access == Access::local;
  if (for_admins && !principal.is_admin) {
    return Error{Code::forbidden, "only an administrator may do this", "ask an administrator of this cell"};
  }
  return std::optional<Principal>{std::move(principal)};
}

}  // namespace cell::api
