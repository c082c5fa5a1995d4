#include "api/metrics_routes.hpp"

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "base/version.hpp"

namespace cell::api {

namespace {

void add_http(const MetricSources& sources, std::vector<Metric>& metrics) {
  if (sources.http) {
    const auto stats = sources.http();
    metrics.push_back(
        counter("cell_http_requests_total", "Requests answered", static_cast<double>(stats.requests)));
    metrics.push_back(counter("cell_http_refused_total", "Requests refused before they reached the API",
                              static_cast<double>(stats.refused)));
    metrics.push_back(
        gauge("cell_http_connections", "Open connections", static_cast<double>(stats.connections)));
    metrics.push_back(gauge("cell_http_streams", "Open event streams", static_cast<double>(stats.streams)));
  }
  if (sources.event_streams) {
    metrics.push_back(gauge("cell_event_clients", "Clients of GET /api/events",
                            static_cast<double>(sources.event_streams())));
  }
}

void add_resources(const MetricSources& sources, std::vector<Metric>& metrics) {
  if (!sources.resources) return;
  std::map<std::string, std::size_t> counts{{"applied", 0}, {"pending", 0}, {"failed", 0}};
  for (const auto& state : sources.resources()) ++counts[std::string(to_string(state.status))];
  metrics.push_back(
      gauge_by("cell_resources", "Things that are kept as they should be, by state", "state", counts));
}

void add_jobs(const MetricSources& sources, std::vector<Metric>& metrics) {
  if (sources.jobs == nullptr) return;
  std::map<std::string, std::size_t> counts{
      {"queued", 0}, {"running", 0}, {"done", 0}, {"failed", 0}, {"cancelled", 0}};
  for (const Json& job : sources.jobs->list()) ++counts[json_string(job, "state")];
  metrics.push_back(gauge_by("cell_jobs", "Jobs that are remembered, by state", "state", counts));
}

void add_peers(const MetricSources& sources, std::vector<Metric>& metrics) {
  if (!sources.peers) return;
  const auto [all, online] = sources.peers();
  metrics.push_back(gauge("cell_peers", "Devices", static_cast<double>(all)));
  metrics.push_back(gauge("cell_peers_online", "Devices that are connected", static_cast<double>(online)));
}

}  // namespace

std::vector<Metric> process_metrics() {
  std::vector<Metric> metrics;
  std::ifstream statm("/proc/self/statm");
  std::size_t size_pages = 0;
  std::size_t resident_pages = 0;
  if (statm >> size_pages >> resident_pages) {
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    metrics.push_back(
        gauge("process_resident_memory_bytes", "Memory in use", static_cast<double>(resident_pages) * page));
  }
  const auto entries = [](const char* directory) {
    std::error_code failed;
    return static_cast<double>(std::distance(std::filesystem::directory_iterator(directory, failed), {}));
  };
  metrics.push_back(gauge("process_open_fds", "Open files and sockets", entries("/proc/self/fd")));
  metrics.push_back(gauge("process_threads", "Threads", entries("/proc/self/task")));
  return metrics;
}

std::vector<Route> metrics_routes(MetricSources sources) {
  Route route{"GET", "/metrics", Access::local, "system", "Measurements for Prometheus"};
  route.media_type = "text/plain; version=0.0.4; charset=utf-8";
  route.handle = [sources = std::move(sources),
                  started = std::chrono::steady_clock::now()](const Context&) -> Result<http::Response> {
    const double uptime = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    std::vector<Metric> metrics{
        {"cell_build_info", "gauge", "Version of celld", {{{{"version", version()}}, 1}}},
        gauge("cell_uptime_seconds", "Time since celld was started", uptime)};
    add_http(sources, metrics);
    add_peers(sources, metrics);
    add_resources(sources, metrics);
    add_jobs(sources, metrics);
    for (Metric& metric : process_metrics()) metrics.push_back(std::move(metric));
    return http::Response::text(render_metrics(metrics), "text/plain; version=0.0.4; charset=utf-8");
  };
  return {route};
}

}  // namespace cell::api
