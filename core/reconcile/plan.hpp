#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/client.hpp"
#include "reconcile/desired.hpp"

namespace cell::reconcile {

// What the engine holds, ours or not.
struct Observed {
  std::vector<engine::NetworkSummary> networks;
  std::vector<engine::VolumeSummary> volumes;
  std::vector<engine::ContainerSummary> containers;
  std::map<std::string, std::optional<std::string>>
      images;  // id of each reference that is desired; nothing: not here
};

enum class Action { create, recreate, start, remove, pull };
std::string_view to_string(Action action) noexcept;

struct Step {
  Action action;
  Resource resource;
  std::string reason;                // "its memory limit changed", for the log
  std::vector<std::string> needs;    // keys that must not have failed before
  const Network* network = nullptr;  // the desired thing itself, by kind; belongs to the Desired of diff()
  const Container* container = nullptr;
};

// Something that no step can mend: it is in the way, and it is not ours.
struct Problem {
  Resource resource;
  Error error;
};

struct Plan {
  std::vector<Step> steps;  // in the order in which they are to be made
  std::vector<Problem> problems;
  std::vector<Problem> waits;    // for another container to be healthy; its event brings the next look
  std::vector<Resource> wanted;  // everything desired in the engine, whether it has a step or not
};

// Pure. `desired` must outlive the plan. Removals come first: what goes may hold an address or a port that
// what comes needs. Containers and networks that are not tagged as ours are never touched, and volumes are
// never removed: they hold what people keep.
Plan diff(const Desired& desired, const Observed& observed);

}  // namespace cell::reconcile
