#include "plugin/options.hpp"

#include "base/schema.hpp"

namespace cell::plugin {

namespace {

constexpr int kMaxDepth = 6;
constexpr std::size_t kMaxPattern = 200;
constexpr std::size_t kMaxOptions = 100;

const std::set<std::string_view> kKeywords{
    "$schema",       "type",         "title",    "description", "default",       "enum",
    "const",         "minimum",      "maximum",  "multipleOf",  "minLength",     "maxLength",
    "pattern",       "format",       "items",    "minItems",    "maxItems",      "uniqueItems",
    "required",      "properties",   "examples", "readOnly",    "propertyNames", "additionalProperties",
    "minProperties", "maxProperties"};

Error wrong(const std::string& pointer, std::string detail) {
  return field_error(pointer, std::move(detail));
}

bool is_text(const Json& value) {
  if (value.is_string()) return true;
  return value.is_object() && value.contains("en") &&
         std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); });
}

Result<void> check_node(const Json& node, const std::string& pointer, int depth);

Result<void> check_children(const Json& node, const std::string& pointer, int depth) {
  if (node.contains("properties")) {
    const std::string below = pointer_append(pointer, "properties");
    if (!node["properties"].is_object()) return wrong(below, "must be an object");
    if (node["properties"].size() > kMaxOptions) return wrong(below, "has more than 100 members");
    for (const auto& [name, child] : node["properties"].items())
      CELL_TRY(check_node(child, pointer_append(below, name), depth + 1));
  }
  for (const char* keyword : {"items", "propertyNames", "additionalProperties"}) {
    if (!node.contains(keyword)) continue;
    const bool may_be_bool = std::string_view(keyword) == "additionalProperties";
    if (may_be_bool && node[keyword].is_boolean()) continue;
    CELL_TRY(check_node(node[keyword], pointer_append(pointer, keyword), depth + 1));
  }
  return {};
}

Result<void> check_node(const Json& node, const std::string& pointer, int depth) {
  if (!node.is_object()) return wrong(pointer, "must be an object that describes a value");
  if (depth > kMaxDepth) return wrong(pointer, "is nested too deeply");
  for (const auto& [keyword, value] : node.items()) {
    const std::string place = pointer_append(pointer, keyword);
    if (!keyword.starts_with("x-") && !kKeywords.contains(keyword))
      return wrong(place, "'" + keyword + "' is not taken in options");
    if ((keyword == "title" || keyword == "description") && !is_text(value))
      return wrong(place, "must be text, or text by language with 'en'");
    if (keyword == "pattern" &&
        (!value.is_string() || value.get_ref<const std::string&>().size() > kMaxPattern))
      return wrong(place, "must be a pattern of at most 200 characters");
  }
  return check_children(node, pointer, depth);
}

// Without what only the form reads: a title by language is no JSON Schema.
Json without_annotations(const Json& node) {
  if (!node.is_object()) return node;
  Json result = Json::object();
  for (const auto& [keyword, value] : node.items()) {
    if (keyword == "title" || keyword == "description" || keyword == "$schema" || keyword == "default" ||
        keyword == "examples" || keyword == "readOnly" || keyword.starts_with("x-"))
      continue;
    if (keyword != "properties") {
      result[keyword] = without_annotations(value);
      continue;
    }
    result[keyword] = Json::object();
    for (const auto& [name, child] : value.items()) result[keyword][name] = without_annotations(child);
  }
  return result;
}

Result<Schema> compile(const Json& options) {
  Json schema = without_annotations(options);
  schema["type"] = "object";
  if (!schema.contains("additionalProperties")) schema["additionalProperties"] = false;
  return Schema::compile(schema);
}

Json filled(const Json& schema, const Json& value) {
  if (!value.is_object()) return value;
  Json result = value;
  for (const auto& [name, child] : json_member(schema, "properties").items()) {
    if (!result.contains(name) && child.contains("default")) result[name] = child["default"];
    if (result.contains(name)) result[name] = filled(child, result[name]);
  }
  return result;
}

Error below(Error error, const std::string& pointer) {
  for (FieldError& field : error.fields) field.pointer = pointer + field.pointer;
  return error;
}

}  // namespace

Result<void> check_options_schema(const Json& schema, const std::string& pointer) {
  CELL_TRY(check_node(schema, pointer, 0));
  if (json_string(schema, "type", "object") != "object")
    return wrong(pointer_append(pointer, "type"), "must be 'object'");
  const auto compiled = compile(schema);
  if (!compiled) return wrong(pointer, "is no JSON Schema: " + compiled.error().message);
  for (const auto& [name, child] : json_member(schema, "properties").items()) {
    if (!child.contains("default")) continue;
    const auto own = Schema::compile(without_annotations(child));
    const std::string place =
        pointer_append(pointer_append(pointer_append(pointer, "properties"), name), "default");
    if (!own || !own->check(child["default"])) return wrong(place, "is not a value that the option takes");
  }
  return {};
}

Result<Json> complete_options(const Manifest& manifest, const Json& options) {
  if (!options.is_object()) return wrong("/options", "must be an object");
  const Schema schema = CELL_TRY(compile(manifest.options));
  Json complete = filled(manifest.options, options);
  if (auto checked = schema.check(complete); !checked) return below(std::move(checked).error(), "/options");
  return complete;
}

bool is_secret_option(const Manifest& manifest, const std::string& name) {
  return json_bool(json_member(json_member(manifest.options, "properties"), name), "x-secret");
}

}  // namespace cell::plugin
