#pragma once

#include <functional>

#include "api/metrics_text.hpp"
#include "api/route.hpp"
#include "domain/jobs/jobs.hpp"
#include "http/server.hpp"
#include "reconcile/ledger.hpp"

namespace cell::api {

// What is measured; each is asked for every answer. Empty functions are left out.
struct MetricSources {
  std::function<http::Server::Stats()> http;
  std::function<std::size_t()> event_streams;
  std::function<std::vector<reconcile::State>()> resources;
  std::function<std::pair<std::size_t, std::size_t>()> peers;  // all, online
  const jobs::Jobs* jobs = nullptr;
};

// GET /metrics in the text format of Prometheus: for administrators, tokens with scope system:read, and
// without logging in from this machine. The numbers tell how many devices there are and when they are used,
// so they are not for everybody.
std::vector<Route> metrics_routes(MetricSources sources);

// Memory, threads and open files of this process from /proc/self.
std::vector<Metric> process_metrics();

}  // namespace cell::api
