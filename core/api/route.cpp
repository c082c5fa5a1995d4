#include "api/route.hpp"

#include <charconv>

namespace cell::api {

namespace {

constexpr std::size_t kDefaultPage = 100;
constexpr std::size_t kMaxPage = 1000;

}  // namespace

std::string Context::param(const std::string& name) const {
  const auto found = request.params.find(name);
  return found == request.params.end() ? std::string{} : found->second;
}

std::string Context::query(const std::string& name, const std::string& fallback) const {
  const auto found = request.query.find(name);
  return found == request.query.end() ? fallback : found->second;
}

Result<Page> page_of(const Context& context) {
  Page page{kDefaultPage, context.query("cursor")};
  const std::string text = context.query("limit");
  if (text.empty()) return page;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), page.limit);
  if (failure != std::errc{} || end != text.data() + text.size() || page.limit < 1 || page.limit > kMaxPage) {
    return Error{Code::invalid_argument, "query parameter 'limit' is not a number from 1 to 1000"};
  }
  return page;
}

bool is_unsafe(const std::string& method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

namespace schema {

Json string(std::size_t max, std::size_t min) {
  Json schema = {{"type", "string"}, {"maxLength", max}};
  if (min > 0) schema["minLength"] = min;
  return schema;
}

Json text(std::size_t max) { return string(max); }

Json integer(std::int64_t min, std::int64_t max) {
  return {{"type", "integer"}, {"minimum", min}, {"maximum", max}};
}

Json number() { return {{"type", "number"}}; }

Json boolean() { return {{"type", "boolean"}}; }

Json time() { return {{"type", "string"}, {"format", "date-time"}, {"maxLength", 64}}; }

Json nullable(Json inner) {
  // A type list gives clearer messages than anyOf, but an enum or an anyOf inside would still refuse null.
  const bool plain = inner.contains("type") && inner["type"].is_string() && !inner.contains("enum");
  if (!plain) return {{"anyOf", {std::move(inner), {{"type", "null"}}}}};
  inner["type"] = Json::array({inner["type"], "null"});
  return inner;
}

Json one_of(std::vector<std::string> values) { return {{"type", "string"}, {"enum", std::move(values)}}; }

Json matching(const std::string& pattern) { return {{"type", "string"}, {"pattern", pattern}}; }

Json log_level() { return one_of({"trace", "debug", "info", "warn", "error", "critical", "off"}); }

Json array(Json items, std::size_t max) {
  return {{"type", "array"}, {"items", std::move(items)}, {"maxItems", max}};
}

Json map(Json values) { return {{"type", "object"}, {"additionalProperties", std::move(values)}}; }

Json object(std::vector<std::pair<std::string, Json>> members) {
  Json properties = Json::object();
  Json required = Json::array();
  for (auto& [name, inner] : members) {
    const bool optional = name.ends_with('?');
    const std::string key = optional ? name.substr(0, name.size() - 1) : name;
    properties[key] = std::move(inner);
    if (!optional) required.push_back(key);
  }
  Json schema = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

Json collection(Json item) {
  // The page size bounds what a client may ask for; collections that do not page may be longer.
  constexpr std::size_t kMaxItems = 100'000;
  return object({{"items", array(std::move(item), kMaxItems)}, {"next_cursor?", string(512)}});
}

}  // namespace schema

}  // namespace cell::api
