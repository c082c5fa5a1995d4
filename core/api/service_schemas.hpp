#pragma once

#include "api/route.hpp"

// Shapes that several routes of services answer with.
namespace cell::api::schema {

Json service();
Json service_plan();
Json job_started();

}  // namespace cell::api::schema
