#include "api/api.hpp"

#include <cstdlib>

#include "api/access.hpp"
#include "api/body.hpp"
#include "api/openapi.hpp"
#include "api/problem.hpp"
#include "http/router.hpp"

namespace cell::api {

namespace {

constexpr std::size_t kProblem = SIZE_MAX;  // among the promises of routes: what an error's body is

using SteadyClock = std::chrono::steady_clock;

bool is_api_path(std::string_view path) {
  for (const std::string_view root : {"/api", "/health", "/metrics", "/pki"}) {
    if (path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/')) return true;
  }
  return false;
}

// A HEAD is answered as the GET it stands for; the server leaves the body out.
std::string_view lookup_method(std::string_view method) { return method == "HEAD" ? "GET" : method; }

[[noreturn]] void die_of(const Route& route, const std::string& reason) {
  std::fprintf(stderr, "route %s %s: %s\n", route.method.c_str(), route.path.c_str(), reason.c_str());
  std::abort();
}

}  // namespace

struct Api::Impl {
  Gate gate;
  http::Handler fallback;
  log::Logger log;
  std::vector<Route> routes;
  std::vector<std::optional<Schema>> schemas;  // of the request bodies, by route
  http::RouteTable table;
  // What check_response() holds answers against, compiled at its first use; by route.
  mutable std::mutex promises_mutex;
  mutable std::map<std::size_t, Schema> promises;

  struct Outcome {
    http::Response response;
    const Route* route = nullptr;
    std::optional<Principal> principal{};
  };

  void add(Route route) {
    std::optional<Schema> schema;
    if (!route.request.is_null()) {
      auto compiled = Schema::compile(route.request);
      if (!compiled) die_of(route, compiled.error().message);
      schema = std::move(compiled).value();
    }
    const auto added = table.add(route.method, route.path, routes.size());
    if (!added) die_of(route, added.error().message);
    routes.push_back(std::move(route));
    schemas.push_back(std::move(schema));
  }

  [[nodiscard]] Result<void> check_promise(std::size_t index, const Json& schema,
                                           const std::string& body) const {
    const std::lock_guard lock(promises_mutex);
    auto found = promises.find(index);
    if (found == promises.end()) found = promises.emplace(index, CELL_TRY(Schema::compile(schema))).first;
    return found->second.check(CELL_TRY(parse_json(body)));
  }

  [[nodiscard]] Outcome fail(const Error& error, const http::Request& request, const Route* route) const {
    return {problem(error, request.id), route};
  }

  [[nodiscard]] Outcome unknown_path(const http::Request& request) const {
    const auto allowed = table.allowed_methods(request.path);
    if (allowed.empty()) {
      return fail(
          {Code::not_found, "there is nothing at this path", "see /api/openapi.json for what there is"},
          request, nullptr);
    }
    std::string list;
    for (const std::string& method : allowed) list += (list.empty() ? "" : ", ") + method;
    Outcome outcome = fail({Code::invalid_argument,
                            "this path does not take " + request.method,
                            "it takes " + list,
                            {},
                            "method_not_allowed"},
                           request, nullptr);
    outcome.response.headers.emplace("Allow", list);
    return outcome;
  }

  // Everything between admission and the answer.
  [[nodiscard]] Result<http::Response> call(std::size_t index, const http::Request& request,
                                            const Principal* principal) const {
    const Route& route = routes[index];
    if (!route.raw) CELL_TRY(check_query(route, request));
    Context context{request, principal, nullptr, std::nullopt};
    if (is_unsafe(request.method) && !route.raw) {
      context.body = CELL_TRY(read_body(route, schemas[index] ? &*schemas[index] : nullptr, request));
      context.if_match = CELL_TRY(read_if_match(request));
    }
    http::Response response = CELL_TRY(route.handle(context));
    if (response.status == 200 && !route.raw) response.status = route.success;
    return response;
  }

  [[nodiscard]] Result<http::Response> call_guarded(std::size_t index, const http::Request& request,
                                                    const Principal* principal) const {
    try {
      return call(index, request, principal);
    } catch (const std::exception& failure) {
      log.error("handler threw", {{"path", routes[index].path}, {"reason", failure.what()}});
      return Error{Code::internal, "something went wrong inside the cell",
                   "the log of request " + request.id + " says more"};
    }
  }

  [[nodiscard]] Outcome answer(const http::Request& request) const {
    auto match = table.find(lookup_method(request.method), request.path);
    const Route* route = match ? &routes[match->route] : nullptr;
    if (const auto open = check_setup(gate, route, request.path); !open)
      return fail(open.error(), request, route);
    if (route == nullptr) return unknown_path(request);
    auto admitted = admit(gate, *route, request);
    if (!admitted) return fail(admitted.error(), request, route);
    Outcome outcome{{}, route, std::move(admitted).value()};
    const Principal* principal = outcome.principal ? &*outcome.principal : nullptr;
    const auto respond = [&](const http::Request& routed) {
      auto response = call_guarded(match->route, routed, principal);
      outcome.response = response ? std::move(response).value() : problem(response.error(), request.id);
    };
    if (match->params.empty()) {
      respond(request);
    } else {
      http::Request routed = request;
      routed.params = std::move(match->params);
      respond(routed);
    }
    return outcome;
  }

  void report(const http::Request& request, const Outcome& outcome, SteadyClock::time_point began) const {
    const int status = outcome.response.status;
    const Principal* principal = outcome.principal ? &*outcome.principal : nullptr;
    if (gate.audit && outcome.route != nullptr && is_unsafe(request.method)) {
      gate.audit(request, principal, *outcome.route, status);
    }
    const log::Level level = status >= 500 ? log::Level::info : log::Level::debug;
    if (!log.enabled(level)) return;
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - began);
    // The route's pattern, not the path: a path may hold an enrolment token.
    log.write(level, "request",
              {{"request_id", request.id},
               {"method", request.method},
               {"path", outcome.route != nullptr ? outcome.route->path : std::string("(unknown)")},
               {"status", status},
               {"duration_us", took.count()},
               {"actor", principal != nullptr ? principal->actor() : std::string{}},
               {"address", request.remote_address}});
  }
};

Api::Api(Gate gate, http::Handler fallback, log::Logger log) : impl_(std::make_unique<Impl>()) {
  impl_->gate = std::move(gate);
  impl_->fallback = std::move(fallback);
  impl_->log = std::move(log);
}

Api::~Api() = default;

void Api::add(std::vector<Route> routes) {
  for (Route& route : routes) impl_->add(std::move(route));
}

http::Response Api::handle(const http::Request& request) const {
  if (!is_api_path(request.path)) return impl_->fallback(request);
  const auto began = SteadyClock::now();
  const log::Scope scope("request_id", request.id);
  Impl::Outcome outcome = impl_->answer(request);
  // The server adds the fields that every answer has; an answer of the API, opened as a page, may load and
  // run nothing.
  if (!outcome.response.headers.contains("Content-Security-Policy")) {
    outcome.response.headers.emplace("Content-Security-Policy",
                                     "default-src 'none'; frame-ancestors 'none'; sandbox");
  }
  impl_->report(request, outcome, began);
  return std::move(outcome.response);
}

std::size_t Api::body_limit(std::string_view method, std::string_view path) const {
  const auto match = impl_->table.find(lookup_method(method), path);
  return match ? impl_->routes[match->route].max_body : 0;
}

Json Api::openapi() const { return openapi_document(impl_->routes); }

const std::vector<Route>& Api::routes() const { return impl_->routes; }

Result<void> Api::check_response(const http::Request& request, const http::Response& response) const {
  const auto match = impl_->table.find(lookup_method(request.method), request.path);
  if (!match || response.status >= 400) {
    if (response.content_type != "application/problem+json")
      return Error{Code::internal, "not a problem document"};
    return impl_->check_promise(kProblem, problem_schema(), response.body);
  }
  const Route& route = impl_->routes[match->route];
  if (response.status != route.success)
    return Error{Code::internal, "status " + std::to_string(response.status)};
  if (route.response.is_null()) return {};
  return impl_->check_promise(match->route, route.response, response.body);
}

}  // namespace cell::api
