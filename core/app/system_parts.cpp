#include "app/system_parts.hpp"

#include <sys/timex.h>

#include "api/auth_gate.hpp"
#include "api/containers_routes.hpp"
#include "api/dashboard_routes.hpp"
#include "api/logs_routes.hpp"
#include "api/metrics_routes.hpp"
#include "api/settings_routes.hpp"
#include "base/version.hpp"
#include "domain/logs/hub_level.hpp"
#include "domain/peers/peer.hpp"

namespace cell::app {

namespace {

constexpr std::chrono::seconds kSample{2};
constexpr std::chrono::seconds kRefresh{10};
constexpr std::chrono::milliseconds kGather{500};  // events of one burst make one refresh
constexpr std::chrono::seconds kOnline{180};       // WireGuard makes a new handshake every two minutes
constexpr std::chrono::minutes kHistoryStep{8};    // 180 points a day, as many as the chart is wide
constexpr std::size_t kRecent = 20;
constexpr std::size_t kActs = 60;  // of the audit log, to find kRecent that are told
constexpr int kHubPatience = 2;    // looks; a container that is made anew is away for one

// Whether something keeps the machine's clock right, as the kernel knows it (adjtimex(2)).
bool is_clock_synchronised() {
  timex state{};
  return adjtimex(&state) != TIME_ERROR;
}

std::string with_port(const std::string& host, std::uint16_t port) {
  if (host.empty()) return host;
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

SystemParts::SystemParts(Needs needs)
    : needs_(std::move(needs)),
      started_steady_(needs_.foundation.clock.steady()),
      log_(needs_.foundation.logs.logger("health")),
      containers_({*needs_.foundation.engine, *needs_.foundation.config, needs_.jobs,
                   *needs_.foundation.events, needs_.foundation.environment.instance}),
      follower_(needs_.foundation.environment.directory / "logs") {}

SystemParts::~SystemParts() { stop(); }

Result<std::unique_ptr<SystemParts>> SystemParts::open(Needs needs) {
  std::unique_ptr<SystemParts> parts(new SystemParts(std::move(needs)));
  CELL_TRY(parts->open_parts());
  parts->listen();
  return parts;
}

Result<void> SystemParts::open_parts() {
  Foundation& foundation = needs_.foundation;
  history_ = CELL_TRY(history::History::open(*foundation.database, foundation.clock));
  verbosity_ = CELL_TRY(logs::Verbosity::open(
      {.config = *foundation.config,
       .database = *foundation.database,
       .clock = foundation.clock,
       .core_services = [&logs = foundation.logs] { return logs.services(); },
       .hub_started_at = [this] { return containers_.started_at(needs_.stack.names().wireguard); },
       .root_before_document = [&levels = foundation.levels] { return levels.from_environment(); },
       .core_changed = [&foundation] { foundation.levels.release(foundation.config->snapshot()->root); }}));
  const auto migrated = verbosity_->migrate(foundation.environment.directory / "config/api/log_levels.json");
  if (!migrated) log_.warn("log_levels.json is left where it is", {{"reason", migrated.error().message}});
  board_ = CELL_TRY(health::Board::open(*foundation.database, *foundation.events, foundation.clock,
                                        [this] { return facts(); }));
  dashboard_ =
      std::make_unique<health::Dashboard>(health::Machine(foundation.clock, foundation.environment.directory),
                                          *board_, *foundation.events, sources());
  // Two threads: a refresh that waits for a slow engine must not hold up the samples.
  tasks_ =
      std::make_unique<TaskQueue>("system", 2, TaskQueue::kMaxWaiting, [log = log_](const std::string& what) {
        log.error("a task threw, its next run goes on", {{"reason", what}});
      });
  return {};
}

void SystemParts::listen() {
  needs_.stack.contribute(
      [names = needs_.stack.names()](const Json& root, reconcile::Desired& desired) -> Result<void> {
        desired.documents.push_back(logs::hub_level_document(root, names));
        const auto stopped = settings::stopped_containers_of(root);
        for (reconcile::Container& container : desired.containers)
          container.stopped = container.stopped || stopped.contains(container.spec.name);
        return {};
      });
  needs_.stack.on_engine_event([this](const engine::Event& event) {
    if (containers_.on_event(event)) refresh_soon();
  });
  needs_.stack.on_state([this](const reconcile::State&) { refresh_soon(); });
}

void SystemParts::add_routes(api::Api& api, std::function<http::Server::Stats()> http_stats) {
  Foundation& foundation = needs_.foundation;
  api.add(api::containers_routes(containers_));
  api.add(api::dashboard_routes(*dashboard_, *board_));
  api.add(api::logs_routes(foundation.environment.directory / "logs", follower_, *verbosity_,
                           [&identity = needs_.identity](const api::Principal& principal) {
                             return api::is_still_admitted(identity, principal);
                           }));
  api.add(api::settings_routes(*foundation.config, needs_.jobs, needs_.restored));
  api.add(api::metrics_routes(
      {.http = std::move(http_stats),
       .event_streams = [&foundation] { return foundation.broadcaster.size(); },
       .resources = [&stack = needs_.stack] { return stack.states(); },
       .peers =
           [this] {
             const auto total = json_member(needs_.foundation.config->snapshot()->root, "peers").size();
             return std::pair(total, peers_online_.load());
           },
       .jobs = &needs_.jobs}));
}

void SystemParts::start() {
  tasks_->every(kSample, [this] { dashboard_->sample(); });
  tasks_->every(kRefresh, [this] { dashboard_->refresh(); });
  refresh_soon();
}

void SystemParts::stop() {
  if (!tasks_ || stopped_.exchange(true)) return;
  tasks_->stop();
  if (auto kept = history_->flush(); !kept)
    log_.warn("the last minute is missing from the history", {{"reason", kept.error().message}});
}

void SystemParts::refresh_soon() {
  if (refresh_waits_.exchange(true)) return;
  tasks_->after(kGather, [this] {
    refresh_waits_ = false;
    dashboard_->refresh();
  });
}

std::optional<health::Hub> SystemParts::look_at_hub() {
  if (!needs_.stack.started()) return std::nullopt;
  const auto status = needs_.stack.hub().status();
  if (!status) {
    peers_online_ = 0;
    const auto stopped = settings::stopped_containers_of(needs_.foundation.config->snapshot()->root);
    if (++hub_silent_ < kHubPatience || stopped.contains(needs_.stack.names().wireguard)) return std::nullopt;
    return health::Hub{false, status.error().message, {}};
  }
  hub_silent_ = 0;
  const std::int64_t oldest = to_unix(needs_.foundation.clock.now() - kOnline);
  peers_online_ = static_cast<std::size_t>(
      std::count_if(status->peers.begin(), status->peers.end(),
                    [&](const hub::PeerState& peer) { return peer.last_handshake >= oldest; }));
  return health::Hub{true, status->problem,
                     status->backend == "userspace" ? status->backend_reason : std::string{}};
}

std::vector<health::Device> SystemParts::keyless_devices() const {
  std::vector<health::Device> devices;
  const config::Snapshot document = needs_.foundation.config->snapshot();
  for (const auto& [id, entry] : json_member(document->root, "peers").items()) {
    const peers::Peer peer = peers::peer_of(id, entry);
    if (!needs_.foundation.sealed->contains(peers::preshared_key_name(peer)))
      devices.push_back({peer.id, peer.name});
  }
  return devices;
}

health::Facts SystemParts::facts() {
  Foundation& foundation = needs_.foundation;
  health::Facts facts;
  facts.now = foundation.clock.now();
  if (const auto info = foundation.engine->info(); !info) facts.engine_problem = info.error().message;
  if (foundation.config->load_report().fell_back)
    facts.config_problem = foundation.config->load_report().problem;
  if (needs_.stack.started()) facts.resources = needs_.stack.states();
  facts.hub = look_at_hub();
  facts.certificate = needs_.certificate();
  facts.machine = dashboard_->stats();
  facts.clock_synchronised = is_clock_synchronised();
  const auto stopped = settings::stopped_containers_of(foundation.config->snapshot()->root);
  facts.stopped_containers.assign(stopped.begin(), stopped.end());
  facts.keyless_devices = keyless_devices();
  facts.services = needs_.services();
  facts.failed_jobs = health::failed_jobs_of(needs_.jobs.list(), facts.now);
  return facts;
}

health::Dashboard::Sources SystemParts::sources() {
  health::Dashboard::Sources sources;
  sources.cell = [this] { return cell_facts(); };
  sources.peers = [this] {
    return health::PeerCount{json_member(needs_.foundation.config->snapshot()->root, "peers").size(),
                             peers_online_};
  };
  sources.containers = [this]() -> std::optional<health::ContainerCount> {
    const auto count = containers_.count();
    if (!count) return std::nullopt;
    return health::ContainerCount{count->running, count->total};
  };
  sources.certificate = needs_.certificate;
  sources.recent = [this] { return recent(); };
  sources.history = [this] { return history_->view(kHistoryStep); };
  sources.on_sample = [this](const health::Stats& stats) {
    const auto kept = history_->add({stats.time, stats.cpu_percent, static_cast<double>(stats.memory_bytes),
                                     stats.rx_rate, stats.tx_rate});
    if (!kept) log_.warn("a minute is missing from the stored history", {{"reason", kept.error().message}});
  };
  return sources;
}

health::CellFacts SystemParts::cell_facts() const {
  const config::Snapshot document = needs_.foundation.config->snapshot();
  const settings::Identity identity = settings::identity_of(document->root);
  const auto uptime =
      std::chrono::duration_cast<std::chrono::seconds>(needs_.foundation.clock.steady() - started_steady_);
  return {identity.cell_name,
          identity.domain_name,
          version(),
          uptime.count(),
          with_port(identity.endpoint_host, needs_.foundation.environment.wg_port),
          std::nullopt};
}

std::vector<health::Recent> SystemParts::recent() const {
  std::vector<health::Act> acts;
  if (const auto page = needs_.identity.audit().list(kActs)) {
    for (const auto& entry : page->entries) {
      acts.push_back({entry.time, entry.actor, entry.action, entry.target, entry.result, entry.address});
    }
  }
  return health::recent_of(acts, needs_.jobs.list(), kRecent);
}

}  // namespace cell::app
