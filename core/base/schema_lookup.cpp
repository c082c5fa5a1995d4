#include "base/schema_lookup.hpp"

#include <numeric>

namespace cell::schema {

namespace {

// Schemas may refer to themselves; nobody nests alternatives deeper than this.
constexpr int kMaxDepth = 12;

// Calls `visit` with `schema`, what it refers to and its alternatives, until it answers a pointer.
template <class Visit>
const Json* search(const Json& root, const Json& schema, int depth, const Visit& visit) {
  if (depth > kMaxDepth || !schema.is_object()) return nullptr;
  if (schema.contains("$ref")) {
    const std::string reference = json_string(schema, "$ref");
    if (!reference.starts_with('#')) return nullptr;
    const Json::json_pointer pointer(reference.substr(1));
    return root.contains(pointer) ? search(root, root[pointer], depth + 1, visit) : nullptr;
  }
  if (const Json* found = visit(schema)) return found;
  for (const char* keyword : {"allOf", "anyOf", "oneOf"}) {
    for (const Json& part : json_member(schema, keyword)) {
      if (const Json* found = search(root, part, depth + 1, visit)) return found;
    }
  }
  for (const char* keyword : {"then", "else"}) {
    if (!schema.contains(keyword)) continue;
    if (const Json* found = search(root, schema[keyword], depth + 1, visit)) return found;
  }
  return nullptr;
}

const Json* pointer_to(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::size_t edits_between(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

const Json* member_schema(const Json& root, const Json& schema, const std::string& name) {
  const auto named = [&](const Json& part) -> const Json* {
    const Json& properties = json_member(part, "properties");
    return properties.is_object() ? pointer_to(properties, name) : nullptr;
  };
  if (const Json* found = search(root, schema, 0, named)) return found;
  return search(root, schema, 0, [](const Json& part) -> const Json* {
    const Json& patterns = json_member(part, "patternProperties");
    if (patterns.is_object() && patterns.size() == 1) return &*patterns.begin();
    const Json& rest = json_member(part, "additionalProperties");
    return rest.is_object() ? &rest : nullptr;
  });
}

const Json* item_schema(const Json& root, const Json& schema) {
  return search(root, schema, 0, [](const Json& part) -> const Json* {
    const Json& items = json_member(part, "items");
    return items.is_object() ? &items : nullptr;
  });
}

const Json* find_keyword(const Json& root, const Json& schema, const char* keyword) {
  return search(root, schema, 0, [keyword](const Json& part) { return pointer_to(part, keyword); });
}

std::vector<std::string> member_names(const Json& root, const Json& schema) {
  std::vector<std::string> names;
  search(root, schema, 0, [&names](const Json& part) -> const Json* {
    for (const auto& [name, ignored] : json_member(part, "properties").items()) names.push_back(name);
    return nullptr;
  });
  return names;
}

std::string nearest(const std::vector<std::string>& names, const std::string& name) {
  // Longer names are not worth the quadratic comparison.
  if (name.size() > 64) return {};
  std::size_t best = 3;
  std::string found;
  for (const std::string& candidate : names) {
    const std::size_t edits = edits_between(candidate, name);
    if (edits >= best || edits >= name.size()) continue;
    best = edits;
    found = candidate;
  }
  return found;
}

}  // namespace cell::schema
