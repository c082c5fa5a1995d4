#pragma once

#include <string>
#include <vector>

#include "api/route.hpp"

namespace cell::api {

// The OpenAPI 3.1 document of a route table (https://spec.openapis.org/oas/v3.1.0). Same routes, same text.
Json openapi_document(const std::vector<Route>& routes);

// JSON Schema of an error's body, as the document has it.
Json problem_schema();

// Stable name of an operation, from method and path: POST /api/peers/{id}/rekey → "postPeersByIdRekey".
std::string operation_id(const Route& route);

}  // namespace cell::api
