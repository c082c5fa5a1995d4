#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cell::chrony {

struct Settings {
  std::vector<std::string> servers;  // host names or addresses
  std::vector<std::string> allow;    // subnets that may ask
};
std::string render(const Settings& settings);  // chrony.conf(5)
Result<void> check_server(std::string_view server);

struct Source {
  std::string address;
  std::string state;  // "selected", "candidate", "unreachable", "local"
  int stratum = 0;
  double offset_s = 0;
  std::int64_t last_rx_s = -1;
};
struct Tracking {
  int stratum = 0;
  double offset_s = 0;
  bool synchronised = false;
};
// `chronyc -c sources` / `chronyc -c tracking` (CSV).
Result<std::vector<Source>> parse_sources(std::string_view csv);
Result<Tracking> parse_tracking(std::string_view csv);

}  // namespace cell::chrony
