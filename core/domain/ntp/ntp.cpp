#include "domain/ntp/ntp.hpp"

#include <algorithm>

namespace cell::ntp {

namespace {

constexpr std::size_t kMaxServers = 16;
constexpr std::chrono::seconds kKept{5};
constexpr std::chrono::milliseconds kExecLimit{2'000};

Error no_answer(const std::string& detail) {
  return Error{Code::unavailable, "the time server does not answer: " + detail,
               "look at its log under Containers"};
}

}  // namespace

Result<Report> Ntp::ask() {
  const std::string container = parts_.place.names().ntp;
  // -n: no names, or chronyc would look up each source in the DNS first.
  const auto run = [&](const char* what) -> Result<std::string> {
    const engine::ExecResult result =
        CELL_TRY(parts_.engine.exec(container, {"chronyc", "-n", "-c", what}, kExecLimit));
    if (result.exit_code != 0) return no_answer(result.out.substr(0, 200));
    return result.out;
  };
  Report report;
  report.tracking = CELL_TRY(chrony::parse_tracking(CELL_TRY(run("tracking"))));
  report.sources = CELL_TRY(chrony::parse_sources(CELL_TRY(run("sources"))));
  return report;
}

Result<Report> Ntp::report() {
  const std::lock_guard lock(mutex_);
  const SteadyPoint now = parts_.clock.steady();
  if (!last_ || now - asked_at_ >= kKept) {
    last_ = ask();
    asked_at_ = now;
  }
  return *last_;
}

Result<void> Ntp::set_servers(const std::vector<std::string>& servers, const config::CommitOptions& options) {
  if (servers.size() > kMaxServers) return field_error("/servers", "must not be more than 16 servers");
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const std::string pointer = "/servers/" + std::to_string(i);
    const auto checked = chrony::check_server(servers[i]);
    if (!checked) return field_error(pointer, checked.error().message, checked.error().hint);
    if (std::count(servers.begin(), servers.begin() + static_cast<std::ptrdiff_t>(i), servers[i]) > 0) {
      return field_error(pointer, "this server is there twice");
    }
  }
  CELL_TRY(parts_.config.commit(options, [&](Json& root) -> Result<void> {
    root["ntp"]["servers"] = servers;
    return {};
  }));
  return {};
}

}  // namespace cell::ntp
