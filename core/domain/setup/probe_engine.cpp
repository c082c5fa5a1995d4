#include <charconv>

#include "domain/setup/probes.hpp"

namespace cell::setup {

namespace {

constexpr int kLeastMajor = 1;
constexpr int kLeastMinor = 41;  // Docker 20.10

// "1.41" → {1, 41}; zeros for what can't be read.
std::pair<int, int> version_of(const std::string& text) {
  int major = 0;
  int minor = 0;
  const char* const last = text.data() + text.size();
  const auto [dot, failure] = std::from_chars(text.data(), last, major);
  if (failure == std::errc{} && dot != last) std::from_chars(dot + 1, last, minor);
  return {major, minor};
}

}  // namespace

Probe engine_probe(engine::Engine& engine) {
  return {"engine", "Container engine", [&engine] {
            const auto info = engine.info();
            if (!info) {
              return Finding{State::problem, "the container engine does not answer", info.error().message,
                             "start it with 'systemctl start docker', then try again"};
            }
            const std::string detail = "engine " + info->version + ", API " + info->api_version;
            if (version_of(info->api_version) >= std::pair{kLeastMajor, kLeastMinor})
              return Finding{State::ok, detail};
            return Finding{State::problem, detail, "the cell needs API 1.41 or newer (Docker 20.10)",
                           "install a newer engine, for example Debian's docker.io"};
          }};
}

}  // namespace cell::setup
