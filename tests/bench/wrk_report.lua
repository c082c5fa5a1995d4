-- One line that http_bench.py reads: requests, seconds, longest request in microseconds, p99, failures.
function done(summary, latency, _)
  local failures = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("bench %d %.6f %d %d %d\n", summary.requests, summary.duration / 1e6, latency.max, latency:percentile(99), failures))
end
