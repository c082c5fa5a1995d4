#pragma once

#include <gtest/gtest.h>

#include "api/api.hpp"
#include "api/audit_routes.hpp"
#include "api/auth_gate.hpp"
#include "api/auth_routes.hpp"
#include "api/containers_routes.hpp"
#include "api/dashboard_routes.hpp"
#include "api/enrol_routes.hpp"
#include "api/logs_routes.hpp"
#include "api/metrics_routes.hpp"
#include "api/peers_routes.hpp"
#include "api/people_routes.hpp"
#include "api/settings_routes.hpp"
#include "api/setup_routes.hpp"
#include "api/system_routes.hpp"
#include "api/tokens_routes.hpp"
#include "api/wireguard_routes.hpp"
#include "unit/api/names_state.hpp"
#include "unit/support/cell_state.hpp"
#include "unit/support/fake_engine.hpp"

namespace cell::api::test {

using cell::test::CellState;

// Who a request pretends to be.
struct Ticket {
  std::string cookie;
  std::string csrf;
  std::string bearer;
};

// The cell's view of itself, over a fake engine.
struct SystemState {
  cell::test::FakeEngine engine;
  containers::Containers containers;
  logs::Follower follower;
  std::unique_ptr<logs::Verbosity> verbosity;
  std::unique_ptr<health::Board> board;
  health::Dashboard dashboard;

  SystemState(CellState& cell, jobs::Jobs& jobs, EventSink& events)
      : containers({engine, *cell.config, jobs, events, "cell"}),
        follower(cell.directory.path()),
        verbosity(logs::Verbosity::open({*cell.config, *cell.database, cell.clock,
                                         [] { return std::vector<std::string>{"http"}; },
                                         [] { return std::optional<TimePoint>{}; }})
                      .value()),
        board(health::Board::open(*cell.database, events, cell.clock, [this] { return facts; }).value()),
        dashboard(health::Machine(cell.clock, "/nonexistent", "/nonexistent"), *board, events, sources()) {}

  static health::Dashboard::Sources sources() {
    return {[] { return health::CellFacts{"home", "home.cell", "1.0", 1, "192.0.2.1:51820", std::nullopt}; },
            [] { return health::PeerCount{}; },
            [] { return std::optional<health::ContainerCount>{}; },
            [] { return std::optional<health::Certificate>{}; },
            [] { return std::vector<health::Recent>{}; },
            [] {
              return Json{{"step_s", 480}, {"points", Json::array()}};
            },
            {}};
  }
  health::Facts facts{};
};

// The whole API of identity and set-up over a cell in a temporary directory, and a few routes that show the
// middleware.
struct ApiState : CellState {
  cell::test::NoEvents events;
  std::atomic<int> restored = 0;  // times that the configuration went back
  std::unique_ptr<jobs::Jobs> jobs = jobs::Jobs::open(*database, events, clock, logs->logger("jobs")).value();
  std::unique_ptr<setup::SetupService> setup = open_setup();
  SystemState system{*this, *jobs, events};
  NamesState names{*config, *sealed, clock, directory.path()};
  std::unique_ptr<peers::Peers> peers =
      peers::Peers::open(
          {*config, *sealed, clock, events, logs->logger("peers"), 51820, [] { return Result<void>(); }})
          .value();
  std::unique_ptr<peers::Live> live = peers::Live::open(*database, events, clock).value();
  std::unique_ptr<peers::History> history = peers::History::open(*database, clock).value();
  std::unique_ptr<peers::Links> links = peers::Links::open(*database, clock).value();
  Api api{make_gate(*identity, [this] { return setup->complete(); }),
          [](const http::Request&) { return http::Response::text("the web UI"); }, logs->logger("http")};

  ApiState() {
    api.add(auth_routes(*identity));
    api.add(people_routes(*identity));
    api.add(tokens_routes(*identity, [] {
      return std::vector<std::string>{"people", "things", "audit", "auth"};
    }));
    api.add(audit_routes(*identity));
    api.add(setup_routes(*setup, *identity));
    api.add(containers_routes(system.containers));
    api.add(dashboard_routes(system.dashboard, *system.board));
    api.add(
        logs_routes(directory.path() / "logs", system.follower, *system.verbosity,
                    [this](const Principal& principal) { return is_still_admitted(*identity, principal); }));
    api.add(settings_routes(*config, *jobs, [this] { ++restored; }));
    api.add(metrics_routes({{}, {}, {}, {}, jobs.get()}));
    const PeersParts parts{*peers, *live, *history, *links, {}, logs->logger("peers")};
    api.add(peers_routes(parts));
    api.add(peer_config_routes(parts));
    api.add(peer_insight_routes(parts));
    api.add(wireguard_routes(parts));
    api.add(enrol_routes(parts, *identity, std::make_shared<peers::AddressLimit>(clock, 30)));
    api.add(example_routes());
    api.add(openapi_routes(api));
    names.add_routes(api);
  }

  std::unique_ptr<setup::SetupService> open_setup() {
    return setup::SetupService::open({*config,
                                      *jobs,
                                      clock,
                                      logs->logger("setup"),
                                      directory.path() / "run",
                                      {{"disk", "Disk",
                                        [] {
                                          return setup::Finding{setup::State::ok, "plenty"};
                                        }}},
                                      setup_admins(*identity),
                                      {"containers"},
                                      [](jobs::Progress&) -> Result<void> { return {}; },
                                      {}})
        .value();
  }

  static std::vector<Route> example_routes() {
    Route health{"GET", "/health", Access::open, "health", "Is there"};
    health.handle = [](const Context&) -> Result<http::Response> {
      return http::Response::json({{"status", "ok"}});
    };
    Route list{"GET", "/api/things", Access::session, "things", "Lists things"};
    list.query = {"limit", "cursor"};
    list.handle = [](const Context& context) -> Result<http::Response> {
      const Page page = CELL_TRY(page_of(context));
      return http::Response::json({{"limit", page.limit}, {"cursor", page.cursor}});
    };
    Route make{"POST", "/api/things", Access::admin, "things", "Makes a thing"};
    make.request = schema::object({{"name", schema::string(10, 1)}, {"size?", schema::integer(1, 9)}});
    make.success = 201;
    make.max_body = 256;
    make.handle = [](const Context& context) -> Result<http::Response> {
      Json answer = {{"name", context.body["name"]}};
      if (context.if_match) answer["if_match"] = *context.if_match;
      return http::Response::json(answer);
    };
    Route broken{"GET", "/api/things/{id}", Access::admin, "things", "Throws"};
    broken.handle = [](const Context& context) -> Result<http::Response> {
      if (context.param("id") == "secret") throw std::runtime_error("token=hunter2");
      return Error{
          Code::gone, "no '" + context.param("id") + "' any more", "make another", {}, "config_gone"};
    };
    return {health, list, make, broken};
  }

  Ticket ticket(const std::string& name, const std::string& address = "192.0.2.1") {
    auto login = identity->log_in(name, password_of(name), {address, "Test"});
    EXPECT_TRUE(login) << login.error().message;
    const std::string token(login->token.reveal());
    return {token, identity::csrf_token_of(token), {}};
  }
  Ticket token_ticket(const identity::Person& person, const std::vector<std::string>& scopes,
                      bool read_only = false) {
    const auto issued =
        identity->tokens().create(person.id, {"t", scopes, read_only}, {"people", "things", "audit", "auth"});
    return {{}, {}, std::string(issued->text.reveal())};
  }

  static http::Request request(const std::string& method, const std::string& path, const Ticket& ticket = {},
                               const Json& body = nullptr) {
    http::Request made;
    made.id = "req-1";
    made.method = method;
    made.path = path;
    made.remote_address = "192.0.2.1";
    made.headers.emplace("Host", "cell.example");
    if (!ticket.cookie.empty()) made.headers.emplace("Cookie", "cell_session=" + ticket.cookie);
    if (!ticket.csrf.empty()) made.headers.emplace("X-CSRF-Token", ticket.csrf);
    if (!ticket.bearer.empty()) made.headers.emplace("Authorization", "Bearer " + ticket.bearer);
    if (!body.is_null()) {
      made.headers.emplace("Content-Type", "application/json");
      made.body = dump_json(body);
    }
    return made;
  }
  // The answer, which must be what the route promises.
  http::Response send(const http::Request& made) {
    http::Response response = api.handle(made);
    const auto kept = api.check_response(made, response);
    EXPECT_TRUE(kept) << made.method << ' ' << made.path << ": " << response.status << ' '
                      << kept.error().message << ' ' << response.body;
    return response;
  }
  http::Response send(const std::string& method, const std::string& path, const Ticket& who = {},
                      const Json& body = nullptr) {
    return send(request(method, path, who, body));
  }

  // Everything that a request might have changed.
  Json fingerprint() {
    Json state = {{"config", config->snapshot()->root}, {"sealed", sealed->names()}};
    for (const char* table : {"sessions", "api_tokens", "audit", "enrol_links"}) {
      Json rows = Json::array();
      const auto found = database->query(std::string("SELECT * FROM ") + table + " ORDER BY id").value();
      for (const auto& row : found) {
        Json cells = Json::array();
        for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(row.text(i));
        rows.push_back(cells);
      }
      state[table] = rows;
    }
    return state;
  }
};

inline Json json_of(const http::Response& response) { return parse_json(response.body).value(); }

// A path without parameters: "/api/people/{id}" → "/api/people/unknown".
inline std::string sample_path(const Route& route) {
  std::string path = route.path;
  for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{')) {
    path.replace(open, path.find('}') - open + 1, "unknown");
  }
  return path;
}

// Requests of the tests come from another machine, so Access::local is like admin.
inline bool needs_login(const Route& route) {
  return route.access != Access::open && route.access != Access::setup;
}

}  // namespace cell::api::test
