#include "app/stack.hpp"

namespace cell::app {

namespace {

// The agent answers in milliseconds; a whole document for 10,000 userspace peers takes a second.
constexpr std::chrono::milliseconds kHubLimit{10'000};

reconcile::CoreSettings settings_of(const settings::Environment& environment) {
  reconcile::CoreSettings settings;
  settings.instance = environment.instance;
  settings.directory = environment.directory;
  settings.image_tag = environment.image_tag;
  settings.network_ipv4 = environment.network;
  settings.network_ipv6 = environment.network_ipv6;
  settings.caddy = {environment.caddy_ip, environment.caddy_ip6};
  settings.dns = {environment.dns_ip, environment.dns_ip6};
  settings.ntp = {environment.ntp_ip, environment.ntp_ip6};
  settings.wireguard = {environment.wg_ip, environment.wg_ip6};
  settings.http_port = environment.http_port;
  settings.https_port = environment.https_port;
  settings.dns_port = environment.dns_port;
  settings.ntp_port = environment.ntp_port;
  settings.wg_port = environment.wg_port;
  return settings;
}

}  // namespace

Stack::Stack(Foundation& foundation)
    : foundation_(foundation),
      settings_(settings_of(foundation.environment)),
      names_(reconcile::core_names(settings_.instance, settings_.directory)),
      hub_(hub::connect_hub(names_.hub_socket, kHubLimit)),
      caddy_(caddy::connect(names_.caddy_admin_socket)) {
  reconcile::Reconciler::Options options;
  options.engine = foundation_.engine.get();
  options.caddy = caddy_.get();
  options.hub = hub_.get();
  options.clock = &foundation_.clock;
  options.log = foundation_.logs.logger("reconcile");
  options.desired = [this] { return desired(); };
  options.make_image = [this](const std::string& reference) -> Result<bool> {
    return make_image_ ? make_image_(reference) : Result<bool>(false);
  };
  options.on_change = [this](const reconcile::State& state) {
    for (const auto& listener : state_listeners_) listener(state);
  };
  options.on_engine_event = [this](const engine::Event& event) {
    for (const auto& listener : event_listeners_) listener(event);
  };
  reconciler_ = std::make_unique<reconcile::Reconciler>(std::move(options));
  foundation_.config->subscribe(
      [this](const config::Snapshot&, const config::Snapshot&) { request("the configuration changed"); });
}

Stack::~Stack() { stop(); }

void Stack::start() {
  const std::lock_guard lock(starting_);
  if (running_.exchange(true)) return;
  reconciler_->start();
}

void Stack::stop() {
  const std::lock_guard lock(starting_);
  running_ = false;
  reconciler_->stop();
}

void Stack::request(std::string_view reason) {
  if (running_) reconciler_->request(reason);
}

Result<reconcile::RunReport> Stack::converge() {
  if (!running_)
    return Error{Code::unavailable, "the cell is not started yet", "wait until the set-up is done"};
  return reconciler_->run_now();
}

Result<reconcile::Desired> Stack::desired() const {
  const config::Snapshot document = foundation_.config->snapshot();
  const Json& root = document->root;
  reconcile::CoreSettings settings = settings_;
  settings.timezone = settings::identity_of(root).timezone;
  reconcile::Desired desired = reconcile::core_stack(settings);
  if (make_hub_) desired.hub = reconcile::HubDocument{CELL_TRY(make_hub_(root)), names_.wireguard};
  for (const Contribute& contribute : contributors_) CELL_TRY(contribute(root, desired));
  return desired;
}

Result<void> Stack::apply_hub() {
  if (!running_ || !make_hub_) return {};
  const config::Snapshot document = foundation_.config->snapshot();
  return reconciler_->apply_hub({CELL_TRY(make_hub_(document->root)), names_.wireguard});
}

// What is wanted by name only follows from the document, so it is made once for each revision: to make it
// opens every device's secret and looks after the certificates.
std::vector<reconcile::State> Stack::wanted() const {
  const std::lock_guard lock(naming_);
  const std::int64_t revision = foundation_.config->snapshot()->revision;
  if (revision == wanted_revision_) return wanted_;
  const auto desired = this->desired();
  if (!desired) return {};
  wanted_.clear();
  for (const reconcile::Resource& resource : reconcile::resources_of(*desired))
    wanted_.push_back({resource.owner, resource.kind, resource.name, reconcile::Status::pending, {}, {}, 0});
  wanted_revision_ = revision;
  return wanted_;
}

std::vector<reconcile::State> Stack::states() const {
  std::vector<reconcile::State> states = reconciler_->states();
  std::set<std::string> known;
  for (const auto& state : states) known.insert(state.kind + "/" + state.name);
  for (reconcile::State& state : wanted()) {
    if (!known.contains(state.kind + "/" + state.name)) states.push_back(std::move(state));
  }
  return states;
}

std::vector<hub::Forward> Stack::hub_forwards(const Json& root) const {
  const auto& dns = settings_.dns;
  const auto& ntp = settings_.ntp;
  const auto& caddy = settings_.caddy;
  const bool has_ipv6 = !settings_.network_ipv6.empty();
  const auto ipv6 = [&](const reconcile::PartAddress& address) {
    return has_ipv6 ? address.ipv6 : std::string();
  };
  std::vector<hub::Forward> forwards{{53, "udp", dns.ipv4, ipv6(dns), 53, true},
                                     {53, "tcp", dns.ipv4, ipv6(dns), 53, true},
                                     {123, "udp", ntp.ipv4, ipv6(ntp), 123, true},
                                     {80, "tcp", caddy.ipv4, ipv6(caddy), 80, false},
                                     {443, "tcp", caddy.ipv4, ipv6(caddy), 443, false}};
  if (service_forwards_) {
    for (hub::Forward& forward : service_forwards_(root)) forwards.push_back(std::move(forward));
  }
  return forwards;
}

std::map<std::string, hub::Exit> Stack::hub_exits(const Json& root) const {
  return service_exits_ ? service_exits_(root) : std::map<std::string, hub::Exit>{};
}

std::vector<std::string> Stack::cell_subnets() const {
  std::vector<std::string> subnets{settings_.network_ipv4};
  if (!settings_.network_ipv6.empty()) subnets.push_back(settings_.network_ipv6);
  return subnets;
}

}  // namespace cell::app
