#include "app/cell.hpp"

#include "api/audit_routes.hpp"
#include "api/auth_gate.hpp"
#include "api/auth_routes.hpp"
#include "api/people_routes.hpp"
#include "api/setup_routes.hpp"
#include "api/system_routes.hpp"
#include "api/tokens_routes.hpp"
#include "app/master_key.hpp"
#include "base/atomic_file.hpp"
#include "base/task_queue.hpp"
#include "config/store.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "domain/identity/identity.hpp"
#include "domain/jobs/jobs.hpp"
#include "domain/settings/document.hpp"
#include "domain/setup/local_address.hpp"
#include "domain/setup/probes.hpp"
#include "domain/setup/setup.hpp"
#include "engine/client.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"

namespace cell::app {

namespace fs = std::filesystem;

namespace {

// Hands events of the layers below to the event-stream clients.
class Events final : public EventSink {
 public:
  explicit Events(http::Broadcaster& broadcaster) : broadcaster_(broadcaster) {}
  void publish(std::string_view event, const Json& data) override { broadcaster_.publish(event, dump_json(data)); }

 private:
  http::Broadcaster& broadcaster_;
};

// RFC 4193 §3.2: fd, 40 random bits, subnet 1.
std::string random_ula() {
  const std::string hex = crypto::to_hex(crypto::random_bytes(5));
  return "fd" + hex.substr(0, 2) + ":" + hex.substr(2, 4) + ":" + hex.substr(6, 4) + ":1::/64";
}

Result<void> make_directories(const fs::path& root) {
  for (const char* name : {"config/api", "data/db", "run", "logs"}) CELL_TRY(ensure_directory(root / name, 0700));
  return {};
}

}  // namespace

// In the order in which they are made; taken down in reverse.
struct Cell::Parts {
  settings::Environment environment;
  SystemClock clock;
  log::Logger log;
  http::Broadcaster broadcaster;
  Events events{broadcaster};
  std::unique_ptr<config::Store> config;
  std::unique_ptr<config::SealedStore> sealed;
  std::unique_ptr<database::Database> database;
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<jobs::Jobs> jobs;
  std::unique_ptr<identity::Identity> identity;
  std::unique_ptr<setup::SetupService> setup;
  std::unique_ptr<http::StaticFiles> webui;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<TaskQueue> timers;

  [[nodiscard]] bool setup_complete() const { return settings::identity_of(config->snapshot()->root).setup_complete; }
  Result<void> open_data(log::Logs& logs);
  Result<void> open_domain(log::Logs& logs);
  void make_api(log::Logs& logs);
  Result<void> serve(log::Logs& logs);
  [[nodiscard]] std::vector<setup::Probe> probes();
  [[nodiscard]] std::vector<api::HealthComponent> health();
};

Result<void> Cell::Parts::open_data(log::Logs& logs) {
  const fs::path& root = environment.directory;
  CELL_TRY(make_directories(root));
  const auto schema = std::make_shared<const Schema>(CELL_TRY(Schema::compile(settings::document_schema())));
  config = CELL_TRY(config::Store::open(
      {.directory = root / "config/api", .initial = settings::initial_document(random_ula()), .schema = schema, .clock = &clock}));
  if (config->load_report().fell_back) {
    log.error("the configuration was damaged, the newest good revision is in force",
              {{"reason", config->load_report().problem}, {"kept", config->load_report().kept_bad_file.string()}});
  }
  config->subscribe([this, &logs](const config::Snapshot&, const config::Snapshot& after) {
    apply_log_levels(after->root, logs);
    events.publish("config.changed", {{"revision", after->revision}});
  });
  Secret key = CELL_TRY(load_or_make_key(root / "config/api/sealing.key"));
  sealed = CELL_TRY(config::SealedStore::open(root / "config/api/sealed.json", sealer_with(std::move(key))));
  database = CELL_TRY(database::Database::open(root / "data/db/cell.sqlite"));
  return {};
}

std::vector<setup::Probe> Cell::Parts::probes() {
  const auto no_hub = [] { return std::optional<std::string>{}; };
  std::vector<setup::PortNeed> ports{{environment.dns_port, true, "DNS"},     {environment.dns_port, false, "DNS"},
                                     {environment.ntp_port, true, "time"},    {environment.wg_port, true, "WireGuard"},
                                     {environment.http_port, false, "HTTP"},  {environment.https_port, false, "HTTPS"}};
  return {setup::engine_probe(*engine),
          setup::ports_probe(std::move(ports), [] { return std::vector<setup::PublishedPort>{}; }),
          setup::wireguard_probe(no_hub),
          setup::tun_probe(no_hub),
          setup::disk_probe(environment.directory),
          setup::memory_probe(),
          setup::clock_probe(clock),
          setup::address_probe(setup::local_address)};
}

Result<void> Cell::Parts::open_domain(log::Logs& logs) {
  engine = engine::connect(environment.engine_socket);
  jobs = CELL_TRY(jobs::Jobs::open(*database, events, clock, logs.logger("jobs")));
  identity = CELL_TRY(identity::Identity::open({.config = *config,
                                                .sealed = *sealed,
                                                .database = *database,
                                                .clock = clock,
                                                .log = logs.logger("identity"),
                                                .session_ended = [this](const std::string& id) { broadcaster.close_tagged(id); }}));
  setup = CELL_TRY(setup::SetupService::open({.config = *config,
                                              .jobs = *jobs,
                                              .clock = clock,
                                              .log = logs.logger("setup"),
                                              .run_directory = environment.directory / "run",
                                              .probes = probes(),
                                              .admins = api::setup_admins(*identity),
                                              .phases = {},
                                              .bring_up = [](jobs::Progress&) -> Result<void> { return {}; },
                                              .create_first_device = {}}));
  return {};
}

std::vector<api::HealthComponent> Cell::Parts::health() {
  const auto info = engine->info();
  const auto load = config->load_report();
  return {{"engine", info ? "ok" : "down", info ? info->version : info.error().message},
          {"configuration", load.fell_back ? "degraded" : "ok", load.problem}};
}

void Cell::Parts::make_api(log::Logs& logs) {
  webui = std::make_unique<http::StaticFiles>(environment.webui_root);
  api = std::make_unique<api::Api>(
      api::make_gate(*identity, [this] { return setup_complete(); }),
      [this](const http::Request& request) { return webui->serve(request); }, logs.logger("api"));
  api->add(api::health_routes(environment.instance, [this] { return setup_complete(); }, clock, [this] { return health(); }));
  api->add(api::setup_routes(*setup, *identity));
  api->add(api::auth_routes(*identity));
  api->add(api::people_routes(*identity));
  api->add(api::tokens_routes(*identity, [this] {
    std::set<std::string> tags;
    for (const api::Route& route : api->routes()) tags.insert(route.tag);
    return std::vector<std::string>(tags.begin(), tags.end());
  }));
  api->add(api::audit_routes(*identity));
  api->add(api::jobs_routes(*jobs));
  api->add(api::event_routes(broadcaster));
  api->add(api::logs_routes(environment.directory / "logs"));
  api->add(api::openapi_routes(*api));
}

Result<void> Cell::Parts::serve(log::Logs& logs) {
  http::Server::Options options;
  options.listeners = {{.address = "127.0.0.1:" + std::to_string(environment.api_port)},
                       {.address = environment.webui_address + ":" + std::to_string(environment.webui_port)},
                       {.address = "unix:" + (environment.directory / "run/celld.sock").string(), .trusted_proxy = true}};
  options.body_limit = [this](std::string_view method, std::string_view path) { return api->body_limit(method, path); };
  options.log = logs.logger("http");
  server = CELL_TRY(http::Server::start(std::move(options), [this](const http::Request& request) { return api->handle(request); }));
  timers = std::make_unique<TaskQueue>("timers", 1);
  timers->every(std::chrono::seconds{15}, [this] { broadcaster.heartbeat(); });
  timers->every(std::chrono::seconds{2}, [this] { identity->sessions().sweep(); });
  return {};
}

Cell::Cell() : parts_(std::make_unique<Parts>()) {}

Cell::~Cell() {
  // Nothing may call into the domain while it is taken down.
  if (parts_->timers) parts_->timers->stop();
  if (parts_->server) parts_->server->stop();
}

Result<std::unique_ptr<Cell>> Cell::start(const settings::Environment& environment, log::Logs& logs) {
  auto cell = std::unique_ptr<Cell>(new Cell());
  Parts& parts = *cell->parts_;
  parts.environment = environment;
  parts.log = logs.logger("core");
  CELL_TRY(parts.open_data(logs));
  apply_log_levels(parts.config->snapshot()->root, logs);
  CELL_TRY(parts.open_domain(logs));
  parts.make_api(logs);
  CELL_TRY(parts.serve(logs));
  return cell;
}

std::string Cell::greeting() const {
  std::string text = "the API is at http://127.0.0.1:" + std::to_string(parts_->environment.api_port);
  if (const auto code = parts_->setup->code()) text += ", the setup code is " + *code;
  return text;
}

void apply_log_levels(const Json& root, log::Logs& logs) {
  const Json& core = json_member(json_member(root, "logging"), "core");
  const auto level = log::parse_level(json_string(core, "root", "info"));
  std::map<std::string, log::Level> services;
  for (const auto& [name, value] : json_member(core, "services").items()) {
    const auto own = log::parse_level(value.is_string() ? value.get<std::string>() : "");
    if (own) services[name] = *own;
  }
  if (level) logs.set_levels(*level, services);
}

}  // namespace cell::app
