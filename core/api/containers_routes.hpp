#pragma once

#include "api/route.hpp"
#include "domain/containers/containers.hpp"

namespace cell::api {

// /api/containers, /api/images and /api/volumes, for administrators.
std::vector<Route> containers_routes(containers::Containers& containers);

}  // namespace cell::api
