#include "plugin/schemas.hpp"

#include <stdexcept>

namespace cell::plugin {

namespace {

// They are part of the program: one that cannot be compiled is found by the first test.
Schema compile(std::string_view text) {
  auto json = parse_json(text);
  if (!json) throw std::logic_error(json.error().message);
  auto schema = Schema::compile(*json);
  if (!schema) throw std::logic_error(schema.error().message);
  return std::move(*schema);
}

}  // namespace

const Schema& manifest_schema() {
  static const Schema kSchema = compile(manifest_schema_text());
  return kSchema;
}

const Schema& contributions_schema() {
  static const Schema kSchema = compile(contributions_schema_text());
  return kSchema;
}

const Schema& index_schema() {
  static const Schema kSchema = compile(index_schema_text());
  return kSchema;
}

const Schema& request_schema() {
  static const Schema kSchema = compile(request_schema_text());
  return kSchema;
}

const Schema& response_schema() {
  static const Schema kSchema = compile(response_schema_text());
  return kSchema;
}

const Schema& event_schema() {
  static const Schema kSchema = compile(event_schema_text());
  return kSchema;
}

}  // namespace cell::plugin
