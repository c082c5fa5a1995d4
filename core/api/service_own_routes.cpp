#include "api/services_routes.hpp"
#include "http/router.hpp"
#include "plugin/messages.hpp"

namespace cell::api {

namespace {

constexpr std::size_t kMaxBody = 16 * 1024 * 1024;  // the most that a manifest can ask for
// Headers of a plugin's answer that are its own to say; the others are the server's.
const std::set<std::string, std::less<>>& answer_headers() {
  static const std::set<std::string, std::less<>> kNames{
      "content-disposition", "content-language", "etag", "last-modified", "location", "retry-after"};
  return kNames;
}
// Headers of the request that a plugin is shown: none that tells who asks, that is the principal's.
const std::set<std::string, std::less<>>& request_headers() {
  static const std::set<std::string, std::less<>> kNames{"accept",   "accept-language", "content-type",
                                                         "if-match", "if-none-match",   "user-agent"};
  return kNames;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

struct Found {
  plugin::ApiWish wish;
  std::map<std::string, std::string> params;
};

// The route of a service's own that fits.
Result<Found> find_route(const services::Active& service, const std::string& method,
                         const std::string& path) {
  http::RouteTable table;
  for (std::size_t i = 0; i < service.parts.api.size(); ++i)
    static_cast<void>(table.add(service.parts.api[i].method, service.parts.api[i].path, i));
  if (auto match = table.find(method, path))
    return Found{service.parts.api[match->route], std::move(match->params)};
  if (table.allowed_methods(path).empty())
    return Error{Code::not_found, "the service '" + service.entry.id + "' has nothing at this path"};
  return Error{Code::invalid_argument, "this path does not take " + method, "", {}, "method_not_allowed"};
}

Json head_of(const Context& context, const Found& found, const std::string& path) {
  const http::Request& request = context.request;
  const auto& asker = *context.principal;
  plugin::RequestHead head{request.method, path, found.params,
                           request.query,  {},   plugin::Asker{asker.user_id, asker.name, asker.is_admin},
                           request.id};
  for (const auto& [name, value] : request.headers) {
    if (const std::string key = lower(name); request_headers().contains(key)) head.headers[key] = value;
  }
  return plugin::request_document(head);
}

http::Response response_of(plugin::PluginResponse answer) {
  http::Response response;
  response.status = answer.status;
  response.content_type = "application/json";
  response.body = std::move(answer.body);
  for (const auto& [name, value] : answer.headers) {
    const std::string key = lower(name);
    if (key == "content-type")
      response.content_type = value;
    else if (answer_headers().contains(key))
      response.headers.emplace(name, value);
  }
  return response;
}

Result<http::Response> serve(const ServicesParts& parts, const Context& context) {
  const std::string id = context.param("id");
  const config::Snapshot document = parts.config.snapshot();
  const Json& root = document->root;
  const auto entry = settings::service_of(root, id);
  if (!entry) return Error{Code::not_found, "the service '" + id.substr(0, 64) + "' is not installed"};
  const auto service = CELL_TRY(parts.services.runtime().active(root, *entry));
  const std::string path = "/" + context.param("rest");
  const Found found = CELL_TRY(find_route(service, context.request.method, path));
  if (found.wish.admin && !context.principal->is_admin)
    return Error{Code::forbidden, "only an administrator may do this", "ask an administrator of this cell"};
  if (context.request.body.size() > found.wish.max_body)
    return Error{Code::too_large,
                 "the body is larger than " + std::to_string(found.wish.max_body) + " bytes"};
  return response_of(CELL_TRY(
      parts.services.runtime().plugins().handle(id, {head_of(context, found, path), context.request.body})));
}

}  // namespace

std::vector<Route> service_own_routes(const ServicesParts& parts) {
  std::vector<Route> routes;
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    Route route{method, "/api/services/{id}/x/{rest*}", Access::session, "services",
                "What the service's plugin serves itself"};
    route.raw = true;
    route.media_type = "*/*";
    route.max_body = kMaxBody;
    route.handle = [parts](const Context& context) { return serve(parts, context); };
    routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace cell::api
