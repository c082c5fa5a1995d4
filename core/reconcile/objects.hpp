#pragma once

#include "engine/client.hpp"
#include "reconcile/plan.hpp"

// Networks, volumes, images and containers in the engine.
namespace cell::reconcile {

// Everything that diff() looks at. One failing question fails the whole: a plan from half a view would remove
// things.
Result<Observed> observe(engine::Engine& engine, const Desired& desired);

using PullListener = std::function<void(const std::string& reference, const engine::PullProgress&)>;

// Makes one step. A step that failed half-way is finished by the next diff.
Result<void> apply(engine::Engine& engine, const std::string& instance, const Step& step,
                   const PullListener& on_pull);

}  // namespace cell::reconcile
