#include "api/openapi.hpp"

#include <algorithm>

#include "base/version.hpp"
#include "domain/settings/text.hpp"

namespace cell::api {

namespace {

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> segments;
  for (std::size_t start = 1; start < path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    segments.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return segments;
}

bool is_parameter(const std::string& segment) { return segment.starts_with('{'); }

std::string parameter_name(const std::string& segment) {
  std::string name = segment.substr(1, segment.size() - 2);
  if (name.ends_with('*')) name.pop_back();
  return name;
}

// "dns-records.txt" → "DnsRecordsTxt".
std::string pascal_case(const std::string& text) {
  std::string result;
  bool upper = true;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      upper = true;
      continue;
    }
    result += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return result;
}

Json parameters_of(const Route& route) {
  Json parameters = Json::array();
  for (const std::string& segment : segments_of(route.path)) {
    if (!is_parameter(segment)) continue;
    parameters.push_back({{"name", parameter_name(segment)},
                          {"in", "path"},
                          {"required", true},
                          {"schema", {{"type", "string"}}}});
  }
  for (const std::string& name : route.query) {
    const Json type = name == "limit" ? schema::integer(1, 1000) : Json{{"type", "string"}};
    parameters.push_back({{"name", name}, {"in", "query"}, {"required", false}, {"schema", type}});
  }
  const bool by_session =
      route.access == Access::session || route.access == Access::admin || route.access == Access::local;
  if (by_session && route.csrf && is_unsafe(route.method)) {
    parameters.push_back({{"$ref", "#/components/parameters/CsrfToken"}});
  }
  return parameters;
}

Json success_of(const Route& route) {
  Json answer = {{"description", route.summary}};
  if (!route.response.is_null()) {
    answer["content"][route.media_type]["schema"] = route.response;
  } else if (route.media_type != "application/json") {
    answer["content"][route.media_type]["schema"] = {{"type", "string"}};
  }
  return answer;
}

Json operation_of(const Route& route) {
  Json operation = {{"operationId", operation_id(route)}, {"summary", route.summary}, {"tags", {route.tag}}};
  Json parameters = parameters_of(route);
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  if (!route.request.is_null()) {
    operation["requestBody"] = {{"required", route.request.contains("required")},
                                {"content", {{"application/json", {{"schema", route.request}}}}}};
  }
  operation["responses"] = {{std::to_string(route.success), success_of(route)},
                            {"default", {{"$ref", "#/components/responses/Problem"}}}};
  const bool is_public = route.access == Access::open || route.access == Access::setup;
  operation["security"] =
      is_public ? Json::array() : Json::array({{{"session", Json::array()}}, {{"token", Json::array()}}});
  operation["x-cell-access"] = route.access == Access::open      ? "open"
                               : route.access == Access::setup   ? "setup"
                               : route.access == Access::session ? "session"
                               : route.access == Access::local   ? "local"
                                                                 : "admin";
  return operation;
}

Json components() {
  return {
      {"schemas", {{"Problem", problem_schema()}}},
      {"responses",
       {{"Problem",
         {{"description", "What went wrong"},
          {"content",
           {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}}}}},
      {"parameters",
       {{"CsrfToken",
         {{"name", "X-CSRF-Token"},
          {"in", "header"},
          {"required", false},
          {"description", "`csrf_token` of GET /api/auth/session; needed with a session, not with a token"},
          {"schema", {{"type", "string"}}}}}}},
      {"securitySchemes",
       {{"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "cell_session"}}},
        {"token", {{"type", "http"}, {"scheme", "bearer"}}}}}};
}

}  // namespace

std::string operation_id(const Route& route) {
  std::string id = settings::lower_ascii(route.method);
  auto segments = segments_of(route.path);
  if (!segments.empty() && segments.front() == "api") segments.erase(segments.begin());
  for (const std::string& segment : segments) {
    id += is_parameter(segment) ? "By" + pascal_case(parameter_name(segment)) : pascal_case(segment);
  }
  return id;
}

Json problem_schema() {
  const Json field = schema::object({{"pointer", schema::string(1024)}, {"detail", schema::string(1024)}});
  Json problem = schema::object({{"type", schema::string()},
                                 {"title", schema::string()},
                                 {"status", schema::integer(400, 599)},
                                 {"detail", schema::string(4096)},
                                 {"hint?", schema::string(4096)},
                                 {"request_id", schema::string()},
                                 {"setup?", schema::string()},
                                 {"errors?", schema::array(field)}});
  problem["description"] =
      "RFC 9457 problem document; `hint` says what to do, `errors` point into the request body";
  return problem;
}

Json openapi_document(const std::vector<Route>& routes) {
  Json paths = Json::object();
  std::vector<std::string> tags;
  for (const Route& route : routes) {
    std::string path = route.path;
    std::erase(path, '*');
    paths[path][settings::lower_ascii(route.method)] = operation_of(route);
    if (std::find(tags.begin(), tags.end(), route.tag) == tags.end()) tags.push_back(route.tag);
  }
  std::sort(tags.begin(), tags.end());
  Json tag_list = Json::array();
  for (const std::string& tag : tags) tag_list.push_back({{"name", tag}});
  return {
      {"openapi", "3.1.0"},          {"info", {{"title", "Personal Internet Cell"}, {"version", version()}}},
      {"servers", {{{"url", "/"}}}}, {"tags", std::move(tag_list)},
      {"paths", std::move(paths)},   {"components", components()}};
}

}  // namespace cell::api
