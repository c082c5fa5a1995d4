#include "app/bring_up.hpp"

#include <algorithm>
#include <array>
#include <thread>

namespace cell::app {

namespace {

using reconcile::State;
using reconcile::Status;

struct PhaseOfParts {
  const char* name;
  std::array<const char*, 3> kinds;
};

constexpr std::array<PhaseOfParts, 4> kPhases{{{"Network and images", {"network", "image", "volume"}},
                                               {"Containers", {"container", "", ""}},
                                               {"VPN, names and time", {"hub", "coredns", "chrony"}},
                                               {"HTTPS", {"caddy", "", ""}}}};

struct Count {
  int done = 0;
  int total = 0;
};

Count count_of(const PhaseOfParts& phase, const std::vector<State>& states) {
  Count count;
  for (const State& state : states) {
    if (std::none_of(phase.kinds.begin(), phase.kinds.end(),
                     [&](const char* kind) { return state.kind == kind; }))
      continue;
    ++count.total;
    if (state.status == Status::applied) ++count.done;
  }
  return count;
}

Error first_failure(const std::vector<State>& states) {
  for (const Status status : {Status::failed, Status::pending}) {
    for (const State& state : states) {
      if (state.status != status || !state.error) continue;
      Error error = *state.error;
      error.message = state.kind + " '" + state.name + "': " + error.message;
      return error;
    }
  }
  return Error{Code::timeout, "the cell's parts did not come up", "look at Logs"};
}

}  // namespace

std::vector<std::string> bring_up_phases() {
  std::vector<std::string> names;
  for (const PhaseOfParts& phase : kPhases) names.emplace_back(phase.name);
  return names;
}

Result<void> bring_up(const BringUpOptions& options, jobs::Progress& progress) {
  options.start();
  int best = -1;
  SteadyPoint moved = std::chrono::steady_clock::now();
  for (const PhaseOfParts& phase : kPhases) {
    Count told{-1, -1};
    while (true) {
      const auto states = options.states();
      const Count count = count_of(phase, states);
      if (count.total != told.total) progress.phase(phase.name, std::max(count.total, 1));
      if (count.done != told.done || count.total != told.total) progress.advance(count.done);
      told = count;
      if (count.total > 0 && count.done == count.total) break;
      const int applied = static_cast<int>(std::count_if(
          states.begin(), states.end(), [](const State& state) { return state.status == Status::applied; }));
      if (applied > best) moved = std::chrono::steady_clock::now();
      best = std::max(best, applied);
      if (std::chrono::steady_clock::now() - moved > options.patience) return first_failure(states);
      if (progress.cancelled())
        return Error{Code::cancelled, "cancelled, the cell goes on starting in the background"};
      std::this_thread::sleep_for(options.look);
    }
  }
  return {};
}

}  // namespace cell::app
