#pragma once

#include <string_view>

#include "base/schema.hpp"

namespace cell::plugin {

// manifests/schema/*.json, put into the program when it is built. Thread: any.
std::string_view manifest_schema_text();
std::string_view contributions_schema_text();
std::string_view index_schema_text();
std::string_view request_schema_text();
std::string_view response_schema_text();
std::string_view event_schema_text();

const Schema& manifest_schema();
const Schema& contributions_schema();
const Schema& index_schema();
const Schema& request_schema();
const Schema& response_schema();
const Schema& event_schema();

}  // namespace cell::plugin
