#include "api/metrics_text.hpp"

#include <array>
#include <charconv>

namespace cell::api {

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\\' || c == '"')
      out += {'\\', c};
    else
      out += c;
  }
  return out;
}

std::string number(double value) {
  std::array<char, 32> text{};
  const auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} ? std::string(text.data(), end) : "NaN";
}

std::string labels_text(const std::vector<std::pair<std::string, std::string>>& labels) {
  if (labels.empty()) return {};
  std::string text;
  for (const auto& [name, value] : labels)
    text += (text.empty() ? "{" : ",") + name + "=\"" + escaped(value) + "\"";
  return text + "}";
}

}  // namespace

Metric gauge(std::string name, std::string help, double value) {
  return {std::move(name), "gauge", std::move(help), {{{}, value}}};
}

Metric counter(std::string name, std::string help, double value) {
  return {std::move(name), "counter", std::move(help), {{{}, value}}};
}

Metric gauge_by(std::string name, std::string help, std::string label,
                const std::map<std::string, std::size_t>& counts) {
  Metric metric{std::move(name), "gauge", std::move(help), {}};
  for (const auto& [key, count] : counts)
    metric.samples.push_back({{{label, key}}, static_cast<double>(count)});
  return metric;
}

std::string render_metrics(const std::vector<Metric>& metrics) {
  std::string text;
  for (const Metric& metric : metrics) {
    text +=
        "# HELP " + metric.name + " " + metric.help + "\n# TYPE " + metric.name + " " + metric.type + "\n";
    for (const Metric::Sample& sample : metric.samples) {
      text += metric.name + labels_text(sample.labels) + " " + number(sample.value) + "\n";
    }
  }
  return text;
}

}  // namespace cell::api
