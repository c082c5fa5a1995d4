#include "domain/health/machine.hpp"

#include <charconv>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace cell::health {

namespace {

constexpr std::size_t kMaxProcFile = 256 * 1024;  // /proc/net/route of a machine with very many containers

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(" \t"); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(" \t", end);
  }
  return words;
}

template <class F>
void for_each_line(std::string_view text, F f) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    f(text.substr(start, end - start));
    start = end + 1;
  }
}

std::optional<std::uint64_t> number(std::string_view text, int base = 10) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Files in /proc tell no size, so they are read until they end.
std::string read_proc(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::string text;
  std::array<char, 8192> buffer{};
  for (ssize_t got = read(fd, buffer.data(), buffer.size()); got > 0 && text.size() < kMaxProcFile;
       got = read(fd, buffer.data(), buffer.size())) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(fd);
  return text;
}

// The best of the lines that are a default route; `read` gives {metric, interface} of such a line.
template <class F>
std::string best_default(std::string_view table, F read) {
  std::string best;
  std::uint64_t best_metric = UINT64_MAX;
  for_each_line(table, [&](std::string_view line) {
    const auto words = words_of(line);
    const std::optional<std::pair<std::uint64_t, std::string_view>> found = read(words);
    if (!found || found->first >= best_metric) return;
    best_metric = found->first;
    best = found->second;
  });
  return best;
}

}  // namespace

std::optional<CpuTimes> parse_cpu(std::string_view stat) {
  // "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guest time is part of user time
  // already.
  const auto words = words_of(stat.substr(0, stat.find('\n')));
  if (words.size() < 5 || words[0] != "cpu") return std::nullopt;
  CpuTimes times;
  for (std::size_t i = 1; i < std::min<std::size_t>(words.size(), 9); ++i) {
    const std::uint64_t ticks = number(words[i]).value_or(0);
    times.total += ticks;
    if (i != 4 && i != 5) times.busy += ticks;
  }
  return times;
}

double cpu_percent(const CpuTimes& before, const CpuTimes& after) {
  if (after.total <= before.total || after.busy < before.busy) return 0;
  return 100.0 * static_cast<double>(after.busy - before.busy) /
         static_cast<double>(after.total - before.total);
}

std::optional<Memory> parse_memory(std::string_view meminfo) {
  std::optional<std::uint64_t> total;
  std::optional<std::uint64_t> available;
  for_each_line(meminfo, [&](std::string_view line) {
    const auto words = words_of(line);
    if (words.size() < 2) return;
    if (words[0] == "MemTotal:") total = number(words[1]);
    if (words[0] == "MemAvailable:") available = number(words[1]);
  });
  if (!total || !available || *available > *total) return std::nullopt;
  return Memory{(*total - *available) * 1024, *total * 1024};
}

std::string parse_default_interface(std::string_view route, std::string_view ipv6_route) {
  using Found = std::optional<std::pair<std::uint64_t, std::string_view>>;
  // Iface Destination Gateway Flags RefCnt Use Metric Mask …
  std::string name = best_default(route, [](const auto& words) -> Found {
    if (words.size() < 8 || words[1] != "00000000" || words[7] != "00000000") return std::nullopt;
    return std::pair(number(words[6]).value_or(0), words[0]);
  });
  if (!name.empty()) return name;
  // destination length source length next-hop metric refs use flags interface
  return best_default(ipv6_route, [](const auto& words) -> Found {
    if (words.size() < 10 || words[1] != "00" || words[9] == "lo") return std::nullopt;
    if (words[0].find_first_not_of('0') != std::string_view::npos) return std::nullopt;
    return std::pair(number(words[5], 16).value_or(0), words[9]);
  });
}

std::optional<Traffic> parse_traffic(std::string_view dev, std::string_view interface) {
  std::optional<Traffic> traffic;
  for_each_line(dev, [&](std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const auto name = words_of(line.substr(0, colon));
    const auto counters = words_of(line.substr(colon + 1));
    if (name.size() != 1 || name[0] != interface || counters.size() < 9) return;
    traffic = Traffic{number(counters[0]).value_or(0), number(counters[8]).value_or(0)};
  });
  return traffic;
}

Json to_json(const Stats& stats) {
  return {{"t", format_time(stats.time)},
          {"cpu_percent", stats.cpu_percent},
          {"memory_bytes", stats.memory_bytes},
          {"memory_total_bytes", stats.memory_total_bytes},
          {"disk_used_bytes", stats.disk_used_bytes},
          {"disk_total_bytes", stats.disk_total_bytes},
          {"rx_rate", stats.rx_rate},
          {"tx_rate", stats.tx_rate}};
}

Machine::Machine(const Clock& clock, std::filesystem::path directory, std::filesystem::path proc)
    : clock_(clock), directory_(std::move(directory)), proc_(std::move(proc)) {}

Stats Machine::sample() {
  Stats stats;
  stats.time = clock_.now();
  if (const auto cpu = parse_cpu(read_proc(proc_ / "stat"))) {
    if (cpu_) stats.cpu_percent = cpu_percent(*cpu_, *cpu);
    cpu_ = cpu;
  }
  if (const auto memory = parse_memory(read_proc(proc_ / "meminfo"))) {
    stats.memory_bytes = memory->used_bytes;
    stats.memory_total_bytes = memory->total_bytes;
  }
  struct statvfs disk {};
  if (statvfs(directory_.c_str(), &disk) == 0) {
    const std::uint64_t block = disk.f_frsize;
    stats.disk_total_bytes = std::uint64_t{disk.f_blocks} * block;
    stats.disk_used_bytes = (std::uint64_t{disk.f_blocks} - std::uint64_t{disk.f_bavail}) * block;
  }
  add_traffic(stats, clock_.steady());
  return stats;
}

void Machine::add_traffic(Stats& stats, SteadyPoint now) {
  const std::string interface =
      parse_default_interface(read_proc(proc_ / "net/route"), read_proc(proc_ / "net/ipv6_route"));
  const auto traffic =
      interface.empty() ? std::nullopt : parse_traffic(read_proc(proc_ / "net/dev"), interface);
  const double seconds = std::chrono::duration<double>(now - traffic_at_).count();
  // Counters of another interface, or of one that was made anew, say nothing about the time between.
  if (traffic && traffic_ && interface == interface_ && seconds > 0) {
    if (traffic->rx_bytes >= traffic_->rx_bytes)
      stats.rx_rate = static_cast<double>(traffic->rx_bytes - traffic_->rx_bytes) / seconds;
    if (traffic->tx_bytes >= traffic_->tx_bytes)
      stats.tx_rate = static_cast<double>(traffic->tx_bytes - traffic_->tx_bytes) / seconds;
  }
  interface_ = interface;
  traffic_ = traffic;
  traffic_at_ = now;
}

}  // namespace cell::health
