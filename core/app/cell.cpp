#include "app/cell.hpp"

#include "api/audit_routes.hpp"
#include "api/auth_gate.hpp"
#include "api/auth_routes.hpp"
#include "api/page_sources.hpp"
#include "api/people_routes.hpp"
#include "api/setup_routes.hpp"
#include "api/system_routes.hpp"
#include "api/tokens_routes.hpp"
#include "app/bring_up.hpp"
#include "app/control.hpp"
#include "app/devices.hpp"
#include "app/engine_watch.hpp"
#include "app/foundation.hpp"
#include "app/machine_probes.hpp"
#include "app/names_parts.hpp"
#include "app/services_parts.hpp"
#include "app/stack.hpp"
#include "app/system_parts.hpp"
#include "base/task_queue.hpp"
#include "domain/health/part.hpp"
#include "domain/identity/identity.hpp"
#include "domain/jobs/jobs.hpp"
#include "domain/settings/document.hpp"
#include "domain/setup/setup.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"

namespace cell::app {

// In the order in which they are made; taken down in reverse.
struct Cell::Parts {
  std::unique_ptr<Foundation> foundation;
  std::unique_ptr<EngineWatch> engine;
  std::unique_ptr<Stack> stack;
  std::unique_ptr<NamesParts> names;
  std::unique_ptr<jobs::Jobs> jobs;
  std::unique_ptr<identity::Identity> identity;
  std::unique_ptr<Devices> devices;
  std::unique_ptr<ServicesParts> services;
  std::unique_ptr<setup::SetupService> setup;
  std::unique_ptr<SystemParts> system;
  std::unique_ptr<http::StaticFiles> webui;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<http::Server> server;
  // The same once it has started: its own handlers ask for it, and may do so before start() has returned.
  std::atomic<http::Server*> serving = nullptr;
  std::unique_ptr<http::Server> control;
  std::unique_ptr<TaskQueue> timers;

  Result<void> open_domain();
  Result<void> open_setup();
  void make_api();
  Result<void> serve();
  [[nodiscard]] std::vector<api::HealthComponent> health() const;
};

Result<void> Cell::Parts::open_domain() {
  log::Logs& logs = foundation->logs;
  jobs = CELL_TRY(
      jobs::Jobs::open(*foundation->database, *foundation->events, foundation->clock, logs.logger("jobs")));
  identity = CELL_TRY(identity::Identity::open({.config = *foundation->config,
                                                .sealed = *foundation->sealed,
                                                .database = *foundation->database,
                                                .clock = foundation->clock,
                                                .log = logs.logger("identity"),
                                                .session_ended = [this](const std::string& id) {
                                                  foundation->broadcaster.close_tagged(id);
                                                  if (system) system->session_ended(id);
                                                }}));
  devices = CELL_TRY(Devices::open(*foundation, *stack));
  services = CELL_TRY(ServicesParts::open({*foundation, *stack, *jobs, *identity, *devices, names->vault()}));
  names->set_services([this](const Json& root) { return services->place_parts(root); });
  return {};
}

Result<void> Cell::Parts::open_setup() {
  const auto start = [this](jobs::Progress& progress) {
    return bring_up({.states = [this] { return stack->states(); }, .start = [this] { stack->start(); }},
                    progress);
  };
  setup = CELL_TRY(setup::SetupService::open(
      {.config = *foundation->config,
       .jobs = *jobs,
       .clock = foundation->clock,
       .log = foundation->logs.logger("setup"),
       .run_directory = foundation->environment.directory / "run",
       .probes = machine_probes(*foundation, *stack),
       .admins = api::setup_admins(*identity),
       .phases = bring_up_phases(),
       .bring_up = start,
       .create_first_device = [this](const std::string& name, const std::string& owner_id) {
         return devices->create_first(name, owner_id);
       }}));
  return {};
}

std::vector<api::HealthComponent> Cell::Parts::health() const {
  const auto& load = foundation->config->load_report();
  std::vector<api::HealthComponent> components{
      engine->health(), {"configuration", load.fell_back ? "degraded" : "ok", load.problem}};
  if (!foundation->setup_complete()) return components;
  const reconcile::CoreNames& core = stack->names();
  const auto states = stack->known_states();
  const auto stopped = settings::stopped_containers_of(foundation->config->snapshot()->root);
  for (const health::Part& part : {health::Part{"dns", core.dns, "coredns"},
                                   {"ntp", core.ntp, "chrony"},
                                   {"proxy", core.caddy, "caddy"},
                                   {"vpn", core.wireguard, "hub"}}) {
    auto [state, detail] = health::health_of(part, states, stopped);
    components.push_back({part.name, std::move(state), std::move(detail)});
  }
  return components;
}

void Cell::Parts::make_api() {
  const auto setup_complete = [this] { return foundation->setup_complete(); };
  webui = std::make_unique<http::StaticFiles>(
      foundation->environment.webui_root, [this](const http::Request& request) {
        return api::page_sources(foundation->config->snapshot()->root, request);
      });
  api = std::make_unique<api::Api>(
      api::make_gate(*identity, setup_complete),
      [this](const http::Request& request) { return webui->serve(request); }, foundation->logs.logger("api"));
  api->add(api::health_routes(foundation->environment.instance, setup_complete, foundation->clock,
                              [this] { return health(); }));
  api->add(api::setup_routes(*setup, *identity));
  api->add(api::auth_routes(*identity));
  api->add(api::people_routes(*identity));
  api->add(api::tokens_routes(*identity, [this] {
    std::set<std::string> tags;
    for (const api::Route& route : api->routes()) tags.insert(route.tag);
    return std::vector<std::string>(tags.begin(), tags.end());
  }));
  devices->add_routes(*api, *identity, [this] { return names->dns_answers(); });
  api->add(api::audit_routes(*identity));
  api->add(api::jobs_routes(*jobs));
  api->add(api::event_routes(foundation->broadcaster, [this](const api::Principal& principal) {
    return api::is_still_admitted(*identity, principal);
  }));
  system->add_routes(*api, [this] {
    const http::Server* running = serving;
    return running != nullptr ? running->stats() : http::Server::Stats{};
  });
  names->add_routes(*api);
  services->add_routes(*api);
  api->add(api::openapi_routes(*api));
}

Result<void> Cell::Parts::serve() {
  const settings::Environment& environment = foundation->environment;
  http::Server::Options options;
  options.listeners = {{.address = "127.0.0.1:" + std::to_string(environment.api_port)},
                       {.address = environment.webui_address + ":" + std::to_string(environment.webui_port)},
                       {.address = "unix:" + stack->names().celld_socket.string(), .trusted_proxy = true}};
  options.body_limit = [this](std::string_view method, std::string_view path) {
    return api->body_limit(method, path);
  };
  options.log = foundation->logs.logger("http");
  // So that the first answer of GET /health is not "pending" where the engine is well.
  engine->wait_for_first(std::chrono::seconds{1});
  server = CELL_TRY(http::Server::start(
      std::move(options), [this](const http::Request& request) { return api->handle(request); }));
  serving = server.get();
  control = CELL_TRY(serve_control(make_control(*setup, *identity), environment.directory,
                                   foundation->logs.logger("control")));
  devices->start();
  timers = std::make_unique<TaskQueue>("timers", 1, TaskQueue::kMaxWaiting,
                                       [log = foundation->logs.logger("core")](const std::string& what) {
                                         log.error("a task threw, its next run goes on", {{"reason", what}});
                                       });
  timers->every(std::chrono::seconds{15}, [this] { foundation->broadcaster.heartbeat(); });
  timers->every(std::chrono::seconds{2}, [this] { identity->sessions().sweep(); });
  return {};
}

Cell::Cell() : parts_(std::make_unique<Parts>()) {}

Cell::~Cell() {
  // Nothing may call into the domain while it is taken down.
  if (parts_->timers) parts_->timers->stop();
  if (parts_->server) parts_->server->stop();
  if (parts_->control) parts_->control->stop();
  if (parts_->system) parts_->system->stop();
  if (parts_->services) parts_->services->stop();
  parts_->jobs.reset();  // ends what runs, which may use any other part
  if (parts_->stack) parts_->stack->stop();
}

Result<std::unique_ptr<Cell>> Cell::start(const settings::Environment& environment, log::Logs& logs) {
  auto cell = std::unique_ptr<Cell>(new Cell());
  Parts& parts = *cell->parts_;
  parts.foundation = CELL_TRY(Foundation::open(environment, logs));
  parts.engine = std::make_unique<EngineWatch>(*parts.foundation->engine);
  parts.stack = std::make_unique<Stack>(*parts.foundation);
  parts.names = std::make_unique<NamesParts>(*parts.foundation, *parts.stack);
  CELL_TRY(parts.open_domain());
  CELL_TRY(parts.open_setup());
  const auto certificate = [&parts]() -> std::optional<health::Certificate> {
    const auto shown = parts.names->certificate();
    return shown ? std::optional(health::Certificate{shown->not_after, shown->last_error}) : std::nullopt;
  };
  parts.system = CELL_TRY(SystemParts::open({*parts.foundation, *parts.stack, *parts.jobs, *parts.identity,
                                             [&parts] { parts.devices->bring(); }, certificate,
                                             [&parts] { return parts.services->troubles(); }}));
  parts.make_api();
  CELL_TRY(parts.serve());
  parts.system->start();
  if (parts.foundation->setup_complete()) parts.stack->start();
  parts.services->start();
  return cell;
}

std::string Cell::greeting() const {
  std::string text =
      "the API is at http://127.0.0.1:" + std::to_string(parts_->foundation->environment.api_port);
  if (const auto code = parts_->setup->code()) text += ", the setup code is " + *code;
  return text;
}

}  // namespace cell::app
