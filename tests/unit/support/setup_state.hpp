#pragma once

#include "domain/setup/setup.hpp"
#include "unit/support/cell_state.hpp"

namespace cell::test {

// A cell that waits to be set up; what it starts is recorded.
struct SetupState : CellState {
  NoEvents events;
  std::unique_ptr<jobs::Jobs> jobs = jobs::Jobs::open(*database, events, clock, logs->logger("jobs")).value();
  std::atomic<int> brought_up{0};
  std::vector<std::string> devices;
  std::vector<setup::Probe> probes;
  std::unique_ptr<setup::SetupService> setup = open_setup();

  setup::Admins admins() {
    setup::Admins made;
    made.check = [this](const std::string& name, const Secret& password, const std::string& cell_name,
                        const std::string& pointer) {
      return identity->people().check({name, true, password}, cell_name, pointer);
    };
    made.prepare = [this](const std::string& name, const Secret& password) -> Result<setup::Admins::Prepared> {
      auto person = CELL_TRY(identity->people().prepare({name, true, password}));
      return setup::Admins::Prepared{person.id, person.entry};
    };
    made.discard = [this](const std::string& id) { identity->people().discard(id); };
    made.generate_password = [] { return Secret("generated pass phrase"); };
    made.remember_generated = [this](const std::string& id, const Secret& password) {
      return identity->remember_generated_password(id, password);
    };
    return made;
  }
  std::unique_ptr<setup::SetupService> open_setup() {
    return setup::SetupService::open({*config, *jobs, clock, logs->logger("setup"), directory.path() / "run", probes, admins(),
                                      {"containers"},
                                      [this](jobs::Progress& progress) -> Result<void> {
                                        progress.phase("containers");
                                        ++brought_up;
                                        return {};
                                      },
                                      [this](const std::string& name, const std::string&) -> Result<std::string> {
                                        devices.push_back(name);
                                        return "peer-1";
                                      }})
        .value();
  }
};

inline setup::Answers good_answers() {
  setup::Answers answers;
  answers.cell_name = "home";
  answers.timezone = "Europe/Berlin";
  answers.endpoint = "home.example.org";
  answers.admin_name = "Ann";
  answers.admin_password = Secret("correct horse Ann");
  return answers;
}

}  // namespace cell::test
