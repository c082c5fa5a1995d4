#include "app/services_parts.hpp"

#include "api/exits_routes.hpp"
#include "api/plugins_routes.hpp"
#include "api/proxy_door_routes.hpp"
#include "api/services_routes.hpp"
#include "api/store_routes.hpp"
#include "app/lan_address.hpp"
#include "app/machine_facts.hpp"
#include "base/atomic_file.hpp"
#include "domain/services/addresses.hpp"
#include "domain/services/desired_parts.hpp"
#include "domain/services/view.hpp"
#include "http/client.hpp"
#include "plugin/messages.hpp"

namespace cell::app {

namespace {

constexpr std::chrono::hours kRefreshEvery{12};
constexpr std::chrono::seconds kTimeEvery{5};
constexpr std::chrono::hours kRenewEvery{1};

}  // namespace

ServicesParts::ServicesParts(Needs needs)
    : needs_(needs),
      log_(needs_.foundation.logs.logger("services")),
      secrets_(
          *needs_.foundation.sealed, [this](const std::string& label) { return issue(label); },
          [this](const std::string& chain) { return needs_.vault.is_due(chain); }),
      doors_(needs_.identity, needs_.foundation.clock) {}

ServicesParts::~ServicesParts() { stop(); }

Result<std::unique_ptr<ServicesParts>> ServicesParts::open(Needs needs) {
  std::unique_ptr<ServicesParts> parts(new ServicesParts(needs));
  CELL_TRY(parts->open_parts());
  parts->listen();
  return parts;
}

Result<void> ServicesParts::open_parts() {
  Foundation& foundation = needs_.foundation;
  const std::filesystem::path& root = foundation.environment.directory;
  CELL_TRY(ensure_directory(root / "config/services", 0700));
  accounts_ = CELL_TRY(services::Accounts::open(*foundation.database, foundation.clock, [this] {
    std::vector<services::PersonName> names;
    for (const identity::Person& person : needs_.identity.people().list())
      names.push_back({person.id, person.name});
    return names;
  }));
  workshop_ = engine::connect_workshop(foundation.environment.engine_socket);
  images_ = std::make_unique<services::Images>(
      services::Images::Parts{*foundation.engine, *workshop_, [this] { return frame(); }, log_});
  journal_ = CELL_TRY(services::Journal::open(*foundation.database));
  store_ = CELL_TRY(store::Store::open({.config = *foundation.config,
                                        .database = *foundation.database,
                                        .clock = foundation.clock,
                                        .log = foundation.logs.logger("store"),
                                        .shipped = foundation.environment.store_root,
                                        .cache = root / "cache/store",
                                        .unpacked = root / "data/plugins",
                                        .architecture = architecture(),
                                        .fetch = http::fetch}));
  CELL_TRY(open_plugins());
  open_services();
  tasks_ = std::make_unique<TaskQueue>("services", 2, TaskQueue::kMaxWaiting,
                                       [log = log_](const std::string& what) {
                                         log.error("a task threw, its next run goes on", {{"reason", what}});
                                       });
  return {};
}

void ServicesParts::open_services() {
  Foundation& foundation = needs_.foundation;
  runtime_ = std::make_unique<services::Runtime>(
      services::Runtime::Parts{secrets_, *accounts_, plugins(), foundation.environment.directory, log_});
  services_ = std::make_unique<services::Services>(services::Services::Parts{
      .config = *foundation.config,
      .engine = *foundation.engine,
      .jobs = needs_.jobs,
      .events = *foundation.events,
      .clock = foundation.clock,
      .log = log_,
      .secrets = secrets_,
      .accounts = *accounts_,
      .runtime = *runtime_,
      .images = *images_,
      .journal = *journal_,
      .catalogue = catalogue(),
      .converge = {[this] { return needs_.stack.converge(); }, [this] { return needs_.stack.states(); },
                   [this](std::string_view reason) { needs_.stack.request(reason); }},
      .machine = machine_facts(foundation.environment.directory),
      .frame = [this] { return frame(); },
      .forget = [this](const std::string& id) { return plugin_services_->forget(id); },
      .later =
          [this](std::function<void()> task) {
            if (tasks_) static_cast<void>(tasks_->post(std::move(task)));
          }});
  services_->open();
  store_->tidy({});
}

// What devices in the house reach this machine by changes with the network, so it is asked for anew.
services::Frame ServicesParts::frame() const {
  const config::Snapshot document = needs_.foundation.config->snapshot();
  const settings::Identity identity = settings::identity_of(document->root);
  return {needs_.stack.settings(), identity.domain_name, identity.timezone, lan_address_of(document->root)};
}

void ServicesParts::listen() {
  Stack& stack = needs_.stack;
  stack.contribute(
      [this](const Json& root, reconcile::Desired& desired) { return contribute(root, desired); });
  stack.set_service_forwards([this](const Json& root) {
    std::vector<hub::Forward> forwards;
    for (const services::Active& service : active(root)) {
      for (hub::Forward& forward : services::forwards_of(service)) forwards.push_back(std::move(forward));
    }
    return forwards;
  });
  stack.set_service_exits([this](const Json& root) {
    std::map<std::string, hub::Exit> exits;
    const services::Frame where = frame();
    for (const services::Active& service : active(root)) exits.merge(services::exits_of(service, where));
    return exits;
  });
  stack.set_image_maker([this](const std::string& reference) { return make_image(reference); });
  needs_.foundation.config->subscribe([this](const config::Snapshot& before, const config::Snapshot& after) {
    if (json_member(before->root, "people") != json_member(after->root, "people"))
      services_->people_changed();
  });
}

// A plugin may ask for another container when accounts or options change: it gets an address here, which is
// kept with the next chance.
void ServicesParts::give_addresses(const Json& root, std::vector<services::Active>& active) {
  Json known = root;
  for (services::Active& service : active) {
    std::vector<std::string> names;
    for (const auto& container : service.parts.containers) names.push_back(container.name);
    const bool complete = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
      return service.entry.addresses.contains(name);
    });
    if (complete) continue;
    auto addresses = services_->addresses_for(known, service.entry.id, names);
    if (!addresses) continue;
    service.entry.addresses = std::move(addresses).value();
    settings::put_service(known, service.entry);
    const auto keep = [this, entry = service.entry] {
      static_cast<void>(needs_.foundation.config->commit(
          {"system", "addresses of service '" + entry.id + "'"}, [&](Json& document) -> Result<void> {
            auto current = settings::service_of(document, entry.id);
            if (!current) return {};
            current->addresses.insert(entry.addresses.begin(), entry.addresses.end());
            settings::put_service(document, *current);
            return {};
          }));
    };
    if (tasks_) static_cast<void>(tasks_->post(keep));
  }
}

std::vector<services::Active> ServicesParts::active(const Json& root) {
  auto active = services_->active(root);
  give_addresses(root, active);
  return active;
}

Result<void> ServicesParts::contribute(const Json& root, reconcile::Desired& desired) {
  const services::Frame where = frame();
  std::set<std::string> known;
  for (const services::Active& service : active(root)) {
    services::add_to(desired, service, where);
    known.insert(service.entry.id);
  }
  for (const settings::ServiceEntry& entry : settings::services_of(root)) {
    if (!known.contains(entry.id)) desired.untouched_owners.insert(entry.id);
  }
  return {};
}

settings::ServiceParts ServicesParts::place_parts(const Json& root) {
  settings::ServiceParts parts;
  const services::Frame where = frame();
  for (const services::Active& service : active(root)) {
    for (caddy::Route& route : services::routes_of(service, where)) parts.routes.push_back(std::move(route));
    for (coredns::Record& record : services::records_of(service)) parts.records.push_back(std::move(record));
  }
  return parts;
}

Result<bool> ServicesParts::make_image(const std::string& reference) {
  if (!services::is_built(reference)) return false;
  for (const services::Active& service : active(needs_.foundation.config->snapshot()->root)) {
    for (const auto& [key, used] : service.entry.images) {
      if (used != reference) continue;
      CELL_TRY(images_->provide(service.manifest, key, reference, {}));
      return true;
    }
  }
  return Error{Code::unavailable, "nobody knows how '" + reference + "' is made",
               "remove and install its service"};
}

services::Catalogue ServicesParts::catalogue() {
  const auto package_of = [](store::Unpacked unpacked) {
    return services::Package{std::move(unpacked.package.manifest), unpacked.package.folder, unpacked.sha256,
                             unpacked.source, unpacked.first_party};
  };
  services::Catalogue catalogue;
  catalogue.fetch = [this, package_of](
                        const std::string& id, const std::string& version,
                        const std::function<void(double)>& advance) -> Result<services::Package> {
    return package_of(CELL_TRY(store_->fetch(id, version, advance)));
  };
  catalogue.installed = [this, package_of](const settings::ServiceEntry& entry) -> Result<services::Package> {
    return package_of(CELL_TRY(store_->installed(entry)));
  };
  catalogue.newest = [this](const std::string& id) {
    const auto offer = store_->offer(id);
    return offer && offer->info ? offer->listed.version : std::string();
  };
  catalogue.tidy = [this](const std::string& id) { store_->tidy(id); };
  return catalogue;
}

void ServicesParts::add_routes(api::Api& api) {
  Foundation& foundation = needs_.foundation;
  const api::ServicesParts parts{*services_, *store_, *foundation.config, *foundation.engine,
                                 [this](const std::string& id) { return plugin_of(id); }};
  api.add(api::services_routes(parts));
  api.add(api::service_accounts_routes(parts));
  api.add(api::service_own_routes(parts));
  api.add(api::exits_routes(parts));
  api.add(api::store_routes({*store_, *services_, *foundation.config, needs_.jobs}));
  api.add(api::plugins_routes(
      {[this] { return plugin_list(); }, [this](const std::string& id) { return release(id); },
       [this](const std::string& id, std::optional<bool> isolated, const config::CommitOptions& options) {
         return isolate(id, isolated, options);
       }}));
  api.add(api::proxy_door_routes(
      {doors_, *foundation.config, [this](const identity::Person& person) { return login_of(person); }}));
}

void ServicesParts::start() {
  static_cast<void>(tasks_->post([this] { store_->refresh(); }));
  tasks_->every(kRefreshEvery, [this] { store_->refresh(); });
  tasks_->every(kTimeEvery, [this] { tell_time(); });
  tasks_->every(kRenewEvery, [this] { renew_certificates(); });
  services_->recover();
  static_cast<void>(tasks_->post([this] { services_->renew_images(); }));
}

Result<services::Secrets::Certificate> ServicesParts::issue(const std::string& label) {
  const config::Snapshot document = needs_.foundation.config->snapshot();
  const std::string domain = settings::identity_of(document->root).domain_name;
  auto pair = CELL_TRY(needs_.vault.issue_for(document->root, {label + "." + domain}));
  return services::Secrets::Certificate{std::move(pair.private_key_pem), std::move(pair.certificate_pem)};
}

// A new one is another input of the plan, so its files follow.
void ServicesParts::renew_certificates() {
  for (const services::Active& service : active(needs_.foundation.config->snapshot()->root)) {
    const auto renewed = secrets_.ensure(service.manifest);
    if (!renewed)
      log_.error("a service's certificate can't be renewed, the one that is there stays",
                 {{"service", service.entry.id}, {"reason", renewed.error().message}});
    if (renewed && *renewed) needs_.stack.request("certificates of services");
  }
}

void ServicesParts::stop() {
  if (!tasks_ || stopped_.exchange(true)) return;
  tasks_->stop();
}

void ServicesParts::tell_time() {
  const SteadyPoint now = needs_.foundation.clock.steady();
  std::map<std::string, SteadyPoint> next;
  for (const services::Active& service : active(needs_.foundation.config->snapshot()->root)) {
    if (!service.entry.enabled || services_->busy(service.entry.id)) continue;
    for (const plugin::ScheduleWish& wish : service.parts.schedules) {
      const std::string key = service.entry.id + "/" + wish.name;
      const auto known = due_.find(key);
      SteadyPoint due = known == due_.end() ? now + std::chrono::seconds(wish.every_s) : known->second;
      if (due <= now) {
        due = now + std::chrono::seconds(wish.every_s);
        services_->notify(service.entry.id, plugin::event::schedule(wish.name));
      }
      next[key] = due;
    }
  }
  due_ = std::move(next);
}

std::vector<health::ServiceTrouble> ServicesParts::troubles() {
  std::vector<health::ServiceTrouble> out;
  if (!needs_.stack.started()) return out;
  const auto containers = needs_.foundation.engine->containers();
  if (!containers) return out;  // the engine's own item tells of it
  for (const services::Active& service : active(needs_.foundation.config->snapshot()->root)) {
    services::ServiceFacts facts;
    facts.busy = services_->busy(service.entry.id);
    if (facts.busy || !service.entry.enabled) continue;
    facts.containers = services::container_states(service, frame(), *containers);
    facts.plugin = plugin_of(service.entry.id);
    const std::string state = services::state_of(service, facts);
    if (state != "failed" && state != "quarantined") continue;
    health::ServiceTrouble trouble{service.entry.id, plugin::in_language(service.manifest.name, "en"), {}};
    if (state == "quarantined") trouble.cause = "Its plugin was taken out of service after it failed";
    for (const services::ContainerState& container : facts.containers) {
      if (!trouble.cause.empty() || container.health == services::ContainerHealth::healthy) continue;
      trouble.cause = "Container " + container.name + ": " +
                      (container.status.empty() ? container.state : container.status);
    }
    out.push_back(std::move(trouble));
  }
  return out;
}

}  // namespace cell::app
