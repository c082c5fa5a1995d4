#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/route.hpp"
#include "base/log.hpp"
#include "http/message.hpp"

namespace cell::api {

// What the middleware asks of the domain; given by the composition root.
struct Gate {
  std::function<bool()> setup_complete;
  // Session cookie or bearer token → principal; unauthenticated when there is none or it is not valid (any
  // more).
  std::function<Result<Principal>(const http::Request&)> authenticate;
  // Compares the X-CSRF-Token header with the session's; forbidden with reason "csrf" otherwise.
  std::function<Result<void>(const http::Request&, const Principal&)> check_csrf;
  // Told after every request that may have changed something (POST, PUT, PATCH, DELETE), for the audit log.
  std::function<void(const http::Request&, const Principal*, const Route&, int status)> audit;
};

// The REST API: middleware (setup gate 428 → session or token → access and scope → CSRF, Origin → schema →
// handler) over the route table; every error becomes application/problem+json here. Paths outside /api,
// /health, /metrics, /pki go to `fallback` (the web UI). Immutable after the last add(). Thread: any.
class Api {
 public:
  Api(Gate gate, http::Handler fallback, log::Logger log);
  ~Api();
  void add(std::vector<Route> routes);  // aborts on a route that is there twice: a programming error
  [[nodiscard]] http::Response handle(const http::Request& request) const;
  [[nodiscard]] std::size_t body_limit(std::string_view method, std::string_view path) const;
  [[nodiscard]] Json openapi() const;  // OpenAPI 3.1
  [[nodiscard]] const std::vector<Route>& routes() const;
  // Whether an answer is what its route promises: status, media type, schema; a problem document for errors.
  // For tests.
  [[nodiscard]] Result<void> check_response(const http::Request& request,
                                            const http::Response& response) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::api
