#include "base/schema_rewrite.hpp"

#include <regex>

namespace cell::schema {

namespace {

constexpr const char* kDateTime =
    "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)"
    "(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$";

using Change = Json (*)(const Json&);

// Applies `change` to every sub-schema; names of properties, enum values and the like are left alone.
void for_each_subschema(Json& schema, Change change) {
  for (const char* keyword : {"properties", "patternProperties", "definitions", "$defs"}) {
    if (!schema.contains(keyword) || !schema[keyword].is_object()) continue;
    for (auto& item : schema[keyword]) item = change(item);
  }
  for (const char* keyword : {"allOf", "anyOf", "oneOf"}) {
    if (!schema.contains(keyword)) continue;
    for (auto& item : schema[keyword]) item = change(item);
  }
  for (const char* keyword : {"contains", "propertyNames", "not", "if", "then", "else"}) {
    if (schema.contains(keyword)) schema[keyword] = change(schema[keyword]);
  }
  for (const char* keyword : {"additionalProperties", "additionalItems"}) {
    if (schema.contains(keyword) && schema[keyword].is_object()) schema[keyword] = change(schema[keyword]);
  }
  if (!schema.contains("items")) return;
  Json& items = schema["items"];
  if (!items.is_array()) {
    items = change(items);
    return;
  }
  for (auto& item : items) item = change(item);
}

void limit_length(Json& schema, std::size_t limit) {
  schema["maxLength"] = std::min<std::int64_t>(
      json_int(schema, "maxLength", static_cast<std::int64_t>(limit)), static_cast<std::int64_t>(limit));
}

}  // namespace

Json guarded(const Json& schema) {
  if (schema.is_boolean()) return schema.get<bool>() ? Json::object() : Json{{"not", Json::object()}};
  if (!schema.is_object()) return schema;
  Json result = schema;
  for_each_subschema(result, guarded);
  if (result.contains("pattern")) {
    (void)std::regex(result["pattern"].get<std::string>());
    limit_length(result, kMaxPatternText);
  }
  if (json_string(result, "format") == "date-time") {
    result["allOf"].push_back({{"pattern", kDateTime}, {"maxLength", 40}});
  }
  result.erase("format");
  return result;
}

Json shape_of(const Json& guarded_schema) {
  if (!guarded_schema.is_object()) return guarded_schema;
  Json result = guarded_schema;
  for (const char* keyword : {"pattern", "uniqueItems", "not", "if", "then", "else"}) result.erase(keyword);
  // Without their patterns more than one alternative may fit.
  if (result.contains("oneOf")) {
    result["allOf"].push_back({{"anyOf", result["oneOf"]}});
    result.erase("oneOf");
  }
  for_each_subschema(result, shape_of);
  return result;
}

bool is_large(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().size() > kMaxPatternText;
  if (value.is_array() && value.size() > kLargeList) return true;
  return value.is_structured() && std::any_of(value.begin(), value.end(), is_large);
}

}  // namespace cell::schema
