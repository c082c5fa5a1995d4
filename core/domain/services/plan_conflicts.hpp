#pragma once

#include "domain/services/service_plan.hpp"

// Inside core/domain/services: what stands in a plan's way. Pure.
namespace cell::services {

std::vector<Conflict> conflicts_of(const Json& root, const Frame& frame, const Active& after,
                                   const PlanFacts& facts);

}  // namespace cell::services
