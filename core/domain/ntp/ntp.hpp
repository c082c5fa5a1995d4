#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "chrony/config.hpp"
#include "config/store.hpp"
#include "domain/settings/place.hpp"
#include "engine/client.hpp"
#include "reconcile/desired.hpp"

namespace cell::ntp {

std::vector<std::string> servers_of(const Json& root);

// chrony.conf of the cell's time server. Pure. The cell's parts, the tunnel and private networks may ask.
reconcile::FileDocument ntp_document(const Json& root, const settings::Place& place);

// What chronyd says of itself.
struct Report {
  chrony::Tracking tracking;
  std::vector<chrony::Source> sources;
};

// The cell's time server. Thread: any.
class Ntp {
 public:
  struct Parts {
    config::Store& config;
    engine::Engine& engine;
    const Clock& clock;
    settings::Place place;
  };
  explicit Ntp(Parts parts) : parts_(std::move(parts)) {}

  // Asks the container, at most every few seconds. unavailable when it does not run or does not answer.
  Result<Report> report();

  // Field errors at /servers/<n>.
  Result<void> set_servers(const std::vector<std::string>& servers, const config::CommitOptions& options);

 private:
  [[nodiscard]] Result<Report> ask();

  Parts parts_;
  std::mutex mutex_;
  std::optional<Result<Report>> last_;
  SteadyPoint asked_at_{};
};

}  // namespace cell::ntp
