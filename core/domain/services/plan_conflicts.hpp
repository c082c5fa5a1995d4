#pragma once

#include "domain/services/service_plan.hpp"

// Inside core/domain/services: what stands in a plan's way. Pure.
namespace cell::services {

// Devices that go to the internet through an exit of service `id` which is none of `kept`: they would get
// nothing. One conflict an exit.
std::vector<Conflict> lost_exits(const Json& root, const std::string& id, const plugin::Contributions& kept);

std::vector<Conflict> conflicts_of(const Json& root, const Frame& frame, const Active& after,
                                   const PlanFacts& facts);

}  // namespace cell::services
