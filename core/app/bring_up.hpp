#pragma once

#include <functional>
#include <string>
#include <vector>

#include "domain/jobs/jobs.hpp"
#include "reconcile/ledger.hpp"

namespace cell::app {

// The phases of the first start as a person sees them, in order.
std::vector<std::string> bring_up_phases();

struct BringUpOptions {
  std::function<std::vector<reconcile::State>()> states;
  std::function<void()> start;                  // begins to converge; returns at once
  std::chrono::milliseconds look{200};          // between two looks
  std::chrono::milliseconds patience{120'000};  // how long without any step forward before it is given up
};

// Starts the cell's parts and goes through the phases as their resources come into force. Answers the error
// of the first resource that failed when nothing has moved for `patience`; the reconciler goes on trying all
// the same.
Result<void> bring_up(const BringUpOptions& options, jobs::Progress& progress);

}  // namespace cell::app
