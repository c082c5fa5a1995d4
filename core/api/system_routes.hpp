#pragma once

#include <functional>
#include <vector>

#include "api/api.hpp"
#include "domain/jobs/jobs.hpp"
#include "http/broadcaster.hpp"

namespace cell::api {

// What GET /health tells; filled by the composition root, which knows all parts.
struct HealthComponent {
  std::string name;
  std::string state;  // "ok", "degraded", "down", "pending"
  std::string detail;
};

// /health, for everybody: {status, ready, version, instance, setup_complete, uptime_s, components}.
std::vector<Route> health_routes(std::string instance, std::function<bool()> setup_complete,
                                 const Clock& clock,
                                 std::function<std::vector<HealthComponent>()> components);

// /api/events: Server-Sent Events for everybody logged in; the stream is tagged with the session and ends
// with it, or some seconds after a token or role does.
std::vector<Route> event_routes(http::Broadcaster& broadcaster, StillAdmitted still_admitted);

// /api/jobs, for administrators.
std::vector<Route> jobs_routes(jobs::Jobs& jobs);

// /api/openapi.json, for everybody, also before set-up.
std::vector<Route> openapi_routes(const Api& api);

}  // namespace cell::api
