#include "plugin/host_services.hpp"

#include "base/schema.hpp"
#include "plugin/host_requests.hpp"
#include "plugin/options.hpp"

namespace cell::plugin {

namespace {

constexpr std::size_t kMaxValue = 1024UL * 1024;
constexpr std::size_t kMaxState = 16UL * 1024 * 1024;
constexpr std::size_t kMaxKeys = 10'000;
constexpr std::size_t kMaxEvent = 64UL * 1024;

using Request = const Json&;

struct Method {
  const char* permission;  // empty: none is needed
  Result<Json> (*answer)(const Manifest& manifest, HostServices& services, Request request);
};

std::chrono::milliseconds limit_of(Request request) {
  return std::chrono::milliseconds(json_int(request, "limit_ms", 10'000));
}

std::map<std::string, std::string> strings_of(const Json& object) {
  std::map<std::string, std::string> strings;
  for (const auto& [name, value] : object.items()) strings[name] = value.get<std::string>();
  return strings;
}

Result<Json> get_state(const Manifest& manifest, HostServices& services, Request request) {
  auto value = CELL_TRY(services.state().get(manifest.id, json_string(request, "key")));
  return value ? Json{{"value", std::move(*value)}} : Json::object();
}

Result<Json> put_state(const Manifest& manifest, HostServices& services, Request request) {
  const std::string key = json_string(request, "key");
  const std::size_t size = dump_json(request["value"]).size();
  if (size > kMaxValue) return Error{Code::too_large, "the value is longer than 1 MiB"};
  const StateUse others = CELL_TRY(services.state().use_without(manifest.id, key));
  if (others.keys >= kMaxKeys)
    return Error{Code::too_large, "the service keeps more than 10,000 values",
                 "remove what it does not need"};
  if (size + others.bytes > kMaxState)
    return Error{Code::too_large, "the service keeps more than 16 MiB", "remove what it does not need"};
  CELL_TRY(services.state().put(manifest.id, key, request["value"]));
  return Json::object();
}

Result<Json> remove_state(const Manifest& manifest, HostServices& services, Request request) {
  CELL_TRY(services.state().remove(manifest.id, json_string(request, "key")));
  return Json::object();
}

Result<Json> list_state(const Manifest& manifest, HostServices& services, Request request) {
  return Json{{"keys", CELL_TRY(services.state().keys(manifest.id, json_string(request, "prefix")))}};
}

bool has_secret(const Manifest& manifest, const std::string& name) {
  if (is_secret_option(manifest, name)) return true;
  return std::any_of(manifest.secrets.begin(), manifest.secrets.end(), [&](const SecretWish& secret) {
    const std::vector<std::string> names = secret_names(secret);
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

Result<Json> get_secret(const Manifest& manifest, HostServices& services, Request request) {
  const std::string name = json_string(request, "name");
  if (!has_secret(manifest, name))
    return Error{Code::not_found, "the manifest has no secret '" + name + "'",
                 "add it to the manifest's secrets"};
  return Json{{"value", CELL_TRY(services.secret(manifest, name))}};
}

Result<Json> get_options(const Manifest& manifest, HostServices& services, Request) {
  return Json{{"options", CELL_TRY(services.options(manifest))}};
}

Result<Json> get_identity(const Manifest&, HostServices& services, Request) { return services.identity(); }

Result<Json> list_people(const Manifest&, HostServices& services, Request) {
  return Json{{"people", CELL_TRY(services.people())}};
}

Result<Json> list_peers(const Manifest&, HostServices& services, Request) {
  return Json{{"peers", CELL_TRY(services.peers())}};
}

Result<Json> exec(const Manifest& manifest, HostServices& services, Request request) {
  ExecWish wish{json_string(request, "container"), {}, json_string(request, "input"), limit_of(request)};
  for (const Json& word : request["command"]) wish.command.push_back(word.get<std::string>());
  const ExecAnswer answer = CELL_TRY(services.exec(manifest.id, wish));
  return Json{{"exit_code", answer.exit_code}, {"stdout", answer.output}, {"stderr", answer.error_output}};
}

Result<Json> fetch(const Manifest& manifest, HostServices& services, Request request) {
  FetchWish wish{
      json_string(request, "method", "GET"),       json_string(request, "url"),  {},
      strings_of(json_member(request, "headers")), json_string(request, "body"), limit_of(request)};
  wish.host = CELL_TRY(host_of_url(wish.url));
  const Json& hosts = json_member(manifest.permission("http")->details, "hosts");
  if (std::find(hosts.begin(), hosts.end(), Json(wish.host)) == hosts.end())
    return Error{Code::forbidden, "the manifest does not ask for the host '" + wish.host + "'",
                 "add it to the hosts of the permission 'http'"};
  const FetchAnswer answer = CELL_TRY(services.fetch(manifest.id, wish));
  return Json{{"status", answer.status}, {"headers", answer.headers}, {"body", answer.body}};
}

Result<Json> request_plan(const Manifest& manifest, HostServices& services, Request) {
  CELL_TRY(services.request_plan(manifest.id));
  return Json::object();
}

Result<Json> emit(const Manifest& manifest, HostServices& services, Request request) {
  if (dump_json(request["data"]).size() > kMaxEvent)
    return Error{Code::too_large, "the event is longer than 64 KiB"};
  CELL_TRY(services.emit(manifest.id, json_string(request, "type"), request["data"]));
  return Json::object();
}

const std::map<std::string, Method>& methods() {
  static const std::map<std::string, Method> kMethods{
      {"state.get/1", {"", get_state}},           {"state.put/1", {"", put_state}},
      {"state.remove/1", {"", remove_state}},     {"state.list/1", {"", list_state}},
      {"secrets.get/1", {"", get_secret}},        {"identity.get/1", {"", get_identity}},
      {"options.get/1", {"", get_options}},       {"plan.request/1", {"", request_plan}},
      {"people.list/1", {"people", list_people}}, {"peers.list/1", {"peers", list_peers}},
      {"containers.exec/1", {"exec", exec}},      {"http.fetch/1", {"http", fetch}},
      {"events.emit/1", {"events", emit}}};
  return kMethods;
}

Error unknown(const std::string& method) {
  return Error{Code::unsupported, "this host does not know '" + method + "'"};
}

}  // namespace

Result<FetchAnswer> HostServices::fetch(const std::string&, const FetchWish&) {
  return unknown("http.fetch/1");
}

HostCall make_host_call(const Manifest& manifest, HostServices& services) {
  return [manifest, &services](const std::string& name, const Json& request) -> Result<Json> {
    const auto method = methods().find(name);
    if (method == methods().end()) return unknown(name);
    const std::string permission = method->second.permission;
    if (!permission.empty() && manifest.permission(permission) == nullptr) {
      Error error{Code::forbidden, "'" + name + "' needs the permission '" + permission + "'",
                  "add it to the manifest's permissions"};
      error.reason = "permission";
      return error;
    }
    CELL_TRY(check_host_request(name, request));
    return method->second.answer(manifest, services, request);
  };
}

}  // namespace cell::plugin
