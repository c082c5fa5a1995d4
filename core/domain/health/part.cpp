#include "domain/health/part.hpp"

#include <algorithm>

namespace cell::health {

namespace {

using reconcile::State;
using reconcile::Status;

template <class Is>
const State* find(const std::vector<State>& states, Is is) {
  const auto found = std::find_if(states.begin(), states.end(), is);
  return found == states.end() ? nullptr : &*found;
}

std::string reason_of(const State* state) {
  return state != nullptr && state->error ? state->error->message : std::string();
}

bool is(const State* state, Status status) { return state != nullptr && state->status == status; }

}  // namespace

PartHealth health_of(const Part& part, const std::vector<State>& states,
                     const std::set<std::string>& stopped) {
  if (stopped.contains(part.container)) return {"down", kStoppedByOwner};
  const State* container = find(
      states, [&](const State& state) { return state.kind == "container" && state.name == part.container; });
  const State* document = find(states, [&](const State& state) { return state.kind == part.document; });
  if (is(container, Status::failed)) return {"down", reason_of(container)};
  if (is(document, Status::failed)) return {"degraded", reason_of(document)};
  for (const State* state : {container, document}) {
    if (!is(state, Status::applied)) return {"pending", reason_of(state)};
  }
  return {"ok", {}};
}

}  // namespace cell::health
