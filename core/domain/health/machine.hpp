#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"

// How the machine is doing, from /proc (proc(5)) and statvfs.
namespace cell::health {

// Processor time since boot, in the kernel's ticks.
struct CpuTimes {
  std::uint64_t busy = 0;
  std::uint64_t total = 0;
};
std::optional<CpuTimes> parse_cpu(std::string_view stat);           // /proc/stat
double cpu_percent(const CpuTimes& before, const CpuTimes& after);  // of all processors = 100

struct Memory {
  std::uint64_t used_bytes = 0;  // what programs can't get: total − available
  std::uint64_t total_bytes = 0;
};
std::optional<Memory> parse_memory(std::string_view meminfo);  // /proc/meminfo

// Name of the interface of the default route with the lowest metric, IPv4 before IPv6; empty: there is none.
std::string parse_default_interface(std::string_view route,
                                    std::string_view ipv6_route);  // /proc/net/{route,ipv6_route}

struct Traffic {
  std::uint64_t rx_bytes = 0;
  std::uint64_t tx_bytes = 0;
};
std::optional<Traffic> parse_traffic(std::string_view dev, std::string_view interface);  // /proc/net/dev

struct Stats {
  TimePoint time{};
  double cpu_percent = 0;
  std::uint64_t memory_bytes = 0, memory_total_bytes = 0;
  std::uint64_t disk_used_bytes = 0, disk_total_bytes = 0;  // used: what can't be given out any more
  double rx_rate = 0, tx_rate = 0;  // bytes a second of the machine's way to the internet
};
Json to_json(const Stats& stats);

// Takes samples; rates and processor share are those since the sample before. Thread: one.
class Machine {
 public:
  Machine(const Clock& clock, std::filesystem::path directory, std::filesystem::path proc = "/proc");
  Stats sample();

 private:
  void add_traffic(Stats& stats, SteadyPoint now);

  const Clock& clock_;
  std::filesystem::path directory_;
  std::filesystem::path proc_;
  std::optional<CpuTimes> cpu_;
  std::string interface_;
  std::optional<Traffic> traffic_;
  SteadyPoint traffic_at_{};
};

}  // namespace cell::health
