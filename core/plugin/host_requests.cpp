#include "plugin/host_requests.hpp"

#include "base/schema.hpp"

namespace cell::plugin {

namespace {

Json object(Json properties, Json required) {
  return {{"type", "object"},
          {"additionalProperties", false},
          {"properties", std::move(properties)},
          {"required", std::move(required)}};
}

Json text(std::size_t longest, std::size_t shortest = 0) {
  return {{"type", "string"}, {"minLength", shortest}, {"maxLength", longest}};
}

Json pattern(const char* form, std::size_t longest) {
  return {{"type", "string"}, {"pattern", form}, {"maxLength", longest}};
}

Json milliseconds() { return {{"type", "integer"}, {"minimum", 1}, {"maximum", 60'000}}; }

std::map<std::string, Json> schemas() {
  const Json key = pattern("^[A-Za-z0-9._/-]+$", 128);
  const Json nothing = object(Json::object(), Json::array());
  const Json headers{{"type", "object"},
                     {"maxProperties", 32},
                     {"propertyNames", pattern("^[A-Za-z0-9-]+$", 64)},
                     {"additionalProperties", pattern("^[\\x20-\\x7e]*$", 1024)}};
  return {{"state.get/1", object({{"key", key}}, {"key"})},
          {"state.put/1", object({{"key", key}, {"value", Json::object()}}, {"key", "value"})},
          {"state.remove/1", object({{"key", key}}, {"key"})},
          {"state.list/1", object({{"prefix", text(128)}}, Json::array())},
          {"secrets.get/1", object({{"name", text(64, 1)}}, {"name"})},
          {"identity.get/1", nothing},
          {"options.get/1", nothing},
          {"people.list/1", nothing},
          {"peers.list/1", nothing},
          {"plan.request/1", nothing},
          {"events.emit/1",
           object({{"type", pattern("^[a-z][a-z0-9_]*$", 64)}, {"data", Json::object()}}, {"type", "data"})},
          {"containers.exec/1",
           object({{"container", text(32, 1)},
                   {"command", {{"type", "array"}, {"minItems", 1}, {"maxItems", 64}, {"items", text(4096)}}},
                   {"input", text(1024 * 1024)},
                   {"limit_ms", milliseconds()}},
                  {"container", "command"})},
          {"http.fetch/1", object({{"method", {{"enum", {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}}}},
                                   {"url", text(2048, 1)},
                                   {"headers", headers},
                                   {"body", text(1024 * 1024)},
                                   {"limit_ms", milliseconds()}},
                                  {"url"})}};
}

std::map<std::string, Schema> compile_all() {
  std::map<std::string, Schema> compiled;
  for (const auto& [method, schema] : schemas()) {
    if (auto ready = Schema::compile(schema)) compiled.emplace(method, std::move(*ready));
  }
  return compiled;
}

Error bad_url(const char* why) { return field_error("/url", why); }

}  // namespace

Result<void> check_host_request(const std::string& method, const Json& request) {
  static const std::map<std::string, Schema> kSchemas = compile_all();
  const auto found = kSchemas.find(method);
  if (found == kSchemas.end()) return Error{Code::internal, "the method '" + method + "' has no schema"};
  return found->second.check(request);
}

Result<std::string> host_of_url(const std::string& url) {
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme)) return bad_url("must begin with https://");
  const auto is_bad = [](unsigned char c) { return c <= 0x20 || c >= 0x7F || c == '\\' || c == '"'; };
  if (std::any_of(url.begin(), url.end(), is_bad)) return bad_url("must be printable ASCII without spaces");
  const std::string rest = url.substr(kScheme.size());
  std::string host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.find('@') != std::string::npos) return bad_url("must not hold a user");
  if (host.ends_with(":443")) host.resize(host.size() - 4);
  if (host.empty() ||
      host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") !=
          std::string::npos)
    return bad_url("must name a host, and no port but 443");
  for (char& c : host) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return host;
}

}  // namespace cell::plugin
