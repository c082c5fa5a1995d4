#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cell::api {

// One family of measurements in the text format of Prometheus (version 0.0.4).
struct Metric {
  struct Sample {
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
  };
  std::string name;  // [a-z_]+, with the unit
  std::string type;  // "counter" or "gauge"
  std::string help;
  std::vector<Sample> samples;
};
Metric gauge(std::string name, std::string help, double value);
Metric counter(std::string name, std::string help, double value);
// One sample for each entry, its key as label `label`.
Metric gauge_by(std::string name, std::string help, std::string label,
                const std::map<std::string, std::size_t>& counts);

// Pure; backslash, quote and line break in label values are escaped.
std::string render_metrics(const std::vector<Metric>& metrics);

}  // namespace cell::api
