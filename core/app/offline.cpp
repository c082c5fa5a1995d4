#include "app/offline.hpp"

#include "api/setup_routes.hpp"
#include "app/foundation.hpp"

namespace cell::app {

struct Offline::Parts {
  std::unique_ptr<log::Logs> logs = log::Logs::null();
  std::unique_ptr<Foundation> foundation;
  std::unique_ptr<jobs::Jobs> jobs;
  std::unique_ptr<identity::Identity> identity;
  std::unique_ptr<setup::SetupService> setup;

  Result<void> open(const settings::Environment& environment);
};

Result<void> Offline::Parts::open(const settings::Environment& environment) {
  foundation = CELL_TRY(Foundation::open(environment, *logs));
  const log::Logger log = logs->logger("core");
  jobs = CELL_TRY(jobs::Jobs::open(*foundation->database, *foundation->events, foundation->clock, log, 1));
  identity = CELL_TRY(identity::Identity::open({.config = *foundation->config,
                                                .sealed = *foundation->sealed,
                                                .database = *foundation->database,
                                                .clock = foundation->clock,
                                                .log = log}));
  setup = CELL_TRY(setup::SetupService::open({.config = *foundation->config,
                                              .jobs = *jobs,
                                              .clock = foundation->clock,
                                              .log = log,
                                              .run_directory = environment.directory / "run",
                                              .probes = {},
                                              .admins = api::setup_admins(*identity),
                                              .phases = {},
                                              .bring_up = [](jobs::Progress&) -> Result<void> { return {}; },
                                              .create_first_device = {}}));
  return {};
}

Offline::Offline() : parts_(std::make_unique<Parts>()) {}
Offline::~Offline() = default;

Result<std::unique_ptr<Offline>> Offline::open(const settings::Environment& environment) {
  std::unique_ptr<Offline> cell(new Offline());
  CELL_TRY_DOING(cell->parts_->open(environment),
                 "no running celld answers, and the cell's directory can't be worked on either");
  return cell;
}

Control Offline::control() {
  Control control = make_control(*parts_->setup, *parts_->identity);
  const auto set_up = control.setup;
  control.setup = [set_up](const std::string& yaml) -> Result<std::string> {
    if (CELL_TRY(setup::parse_answers(yaml)).first_device) {
      return field_error("/first_device", "a device can only be added while celld runs",
                         "start celld and repeat this, or leave it out");
    }
    return CELL_TRY(set_up(yaml)) + "It comes up when celld starts.\n";
  };
  return control;
}

}  // namespace cell::app
