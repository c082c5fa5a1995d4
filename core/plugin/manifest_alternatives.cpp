#include "plugin/manifest_alternatives.hpp"

#include "plugin/schemas.hpp"

namespace cell::plugin {

namespace {

struct Alternatives {
  std::map<std::string, Schema> permissions;  // by capability
  std::map<std::string, Schema> images;       // by the member that must be there
};

void add(std::map<std::string, Schema>& schemas, const std::string& name, const Json& schema) {
  if (auto compiled = Schema::compile(schema)) schemas.emplace(name, std::move(*compiled));
}

Alternatives read_alternatives() {
  Alternatives alternatives;
  const auto schema = parse_json(manifest_schema_text());
  if (!schema) return alternatives;
  const Json& properties = (*schema)["properties"];
  for (const Json& item : properties["permissions"]["items"]["oneOf"])
    add(alternatives.permissions, item["properties"]["capability"]["const"].get<std::string>(), item);
  for (const Json& item : properties["images"]["additionalProperties"]["oneOf"])
    add(alternatives.images, item["required"][0].get<std::string>(), item);
  return alternatives;
}

Result<void> check(const Schema& schema, const Json& value, const std::string& pointer) {
  auto checked = schema.check(value);
  if (checked) return {};
  Error error = std::move(checked).error();
  for (FieldError& field : error.fields) field.pointer = pointer + field.pointer;
  error.message = "'" + error.fields.front().pointer + "' " + error.fields.front().detail;
  return error;
}

Result<void> check_permissions(const Json& permissions, const std::map<std::string, Schema>& schemas) {
  for (std::size_t i = 0; permissions.is_array() && i < permissions.size(); ++i) {
    const std::string pointer = "/permissions/" + std::to_string(i);
    const std::string capability = json_string(permissions[i], "capability");
    const auto schema = schemas.find(capability);
    if (schema != schemas.end()) {
      CELL_TRY(check(schema->second, permissions[i], pointer));
      continue;
    }
    std::string known;
    for (const auto& [name, ignored] : schemas) known += (known.empty() ? "" : ", ") + name;
    return field_error(pointer + "/capability", "'" + capability + "' is no capability",
                       "there are " + known);
  }
  return {};
}

Result<void> check_images(const Json& images, const std::map<std::string, Schema>& schemas) {
  if (!images.is_object()) return {};
  for (const auto& [key, image] : images.items()) {
    // `reference` may stand beside `packages`.
    const char* kind = image.contains("bundled")    ? "bundled"
                       : image.contains("packages") ? "packages"
                                                    : "reference";
    const auto schema = schemas.find(kind);
    if (schema != schemas.end()) CELL_TRY(check(schema->second, image, pointer_append("/images", key)));
  }
  return {};
}

Result<void> check_kind(const Json& document) {
  const std::string kind = json_string(document, "kind");
  if (kind == "native" && document.contains("contributions"))
    return field_error("/contributions", "a native package has them from its library, not from the manifest");
  for (const char* member : {"abi", "library"}) {
    if (kind == "native" && !document.contains(member))
      return field_error(std::string("/") + member, "is missing, which a native package needs");
    if (kind == "declarative" && document.contains(member))
      return field_error(std::string("/") + member, "a declarative package has none");
  }
  if (kind == "declarative" && !document.contains("contributions"))
    return field_error("/contributions", "is missing, which a declarative package needs");
  return {};
}

}  // namespace

Result<void> check_alternatives(const Json& document) {
  static const Alternatives kAlternatives = read_alternatives();
  CELL_TRY(check_permissions(json_member(document, "permissions"), kAlternatives.permissions));
  CELL_TRY(check_images(json_member(document, "images"), kAlternatives.images));
  return check_kind(document);
}

}  // namespace cell::plugin
