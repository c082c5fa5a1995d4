#include "engine/stats.hpp"

#include <charconv>

#include "engine/log_stream.hpp"

namespace cell::engine {

namespace {

std::uint64_t count(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_number_integer()) return 0;
  return found->is_number_unsigned()
             ? found->get<std::uint64_t>()
             : static_cast<std::uint64_t>(std::max<std::int64_t>(found->get<std::int64_t>(), 0));
}

constexpr std::int64_t kNanoseconds = 1'000'000'000;

// 0 for what is no time, or one that 64 bits can't hold in nanoseconds (after the year 2262).
std::int64_t to_nanoseconds(std::string_view time) {
  const auto text = to_engine_time(time);
  if (!text) return 0;
  const auto dot = text->find('.');
  std::int64_t seconds = 0;
  std::int64_t fraction = 0;
  std::from_chars(text->data(), text->data() + std::min(dot, text->size()), seconds);
  if (dot != std::string::npos)
    std::from_chars(text->data() + dot + 1, text->data() + text->size(), fraction);
  if (seconds < 0 || seconds >= INT64_MAX / kNanoseconds || fraction < 0 || fraction >= kNanoseconds)
    return 0;
  return seconds * kNanoseconds + fraction;
}

}  // namespace

CpuSample cpu_sample(const Json& stats) {
  return {count(json_member(json_member(stats, "cpu_stats"), "cpu_usage"), "total_usage"),
          to_nanoseconds(json_string(stats, "read"))};
}

double cpu_percent(const CpuSample& before, const CpuSample& after) {
  if (before.at_ns == 0 || after.at_ns <= before.at_ns || after.used_ns < before.used_ns) return 0;
  return 100.0 * static_cast<double>(after.used_ns - before.used_ns) /
         static_cast<double>(after.at_ns - before.at_ns);
}

ContainerStats parse_stats(const std::string& name, const Json& stats) {
  ContainerStats out;
  out.name = name;
  const Json& memory = json_member(stats, "memory_stats");
  const Json& details = json_member(memory, "stats");
  // cgroup v2 names it inactive_file, v1 total_inactive_file.
  const std::uint64_t cache = details.is_object() && details.contains("total_inactive_file")
                                  ? count(details, "total_inactive_file")
                                  : count(details, "inactive_file");
  const std::uint64_t usage = count(memory, "usage");
  out.memory_bytes = usage > cache ? usage - cache : usage;
  out.memory_limit_bytes = count(memory, "limit");
  out.pids = count(json_member(stats, "pids_stats"), "current");
  const Json& networks = json_member(stats, "networks");
  if (networks.is_object()) {
    for (const auto& [device, counters] : networks.items()) {
      out.rx_bytes += count(counters, "rx_bytes");
      out.tx_bytes += count(counters, "tx_bytes");
    }
  }
  return out;
}

}  // namespace cell::engine
