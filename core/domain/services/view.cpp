#include "domain/services/view.hpp"

#include "domain/services/desired_parts.hpp"
#include "plugin/options.hpp"

namespace cell::services {

namespace {

Json nullable(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

const char* health_word(ContainerHealth health) {
  switch (health) {
    case ContainerHealth::healthy:
      return "healthy";
    case ContainerHealth::unhealthy:
      return "unhealthy";
    case ContainerHealth::starting:
      return "starting";
    case ContainerHealth::missing:
    case ContainerHealth::outdated:
    case ContainerHealth::ended:
      break;
  }
  return nullptr;
}

// {"en": "…", "de": "…"}: keys of two letters and only texts.
bool is_text_by_language(const Json& value) {
  if (!value.is_object() || !value.contains("en")) return false;
  for (const auto& [key, text] : value.items()) {
    if (key.size() != 2 || !text.is_string()) return false;
  }
  return true;
}

Json containers_json(const Active& service, const ServiceFacts& facts) {
  Json list = Json::array();
  for (std::size_t i = 0; i < facts.containers.size(); ++i) {
    const ContainerState& state = facts.containers[i];
    const char* health = health_word(state.health);
    Json item = {{"name", state.name},
                 {"state", state.state},
                 {"health", health == nullptr ? Json(nullptr) : Json(health)},
                 {"image", ""}};
    if (i < service.parts.containers.size()) {
      const auto image = service.entry.images.find(service.parts.containers[i].image);
      if (image != service.entry.images.end()) item["image"] = image->second;
    }
    if (const auto found = facts.memory.find(state.name); found != facts.memory.end())
      item["memory_bytes"] = found->second;
    list.push_back(std::move(item));
  }
  return list;
}

Json options_json(const plugin::Manifest& manifest, const Json& options) {
  Json shown = Json::object();
  for (const auto& [name, value] : options.items())
    shown[name] = plugin::is_secret_option(manifest, name) ? Json(nullptr) : value;
  return shown;
}

Json problem_json(const Active& service, const ServiceFacts& facts) {
  if (!facts.plan_problem.empty())
    return {{"message", facts.plan_problem}, {"hint", "its log is under Logs; what runs goes on as it was"}};
  if (!service.entry.enabled) return nullptr;
  for (const ContainerState& container : facts.containers) {
    const bool failed = container.health == ContainerHealth::unhealthy ||
                        container.health == ContainerHealth::ended ||
                        container.health == ContainerHealth::missing;
    if (failed)
      return {{"message", "container '" + container.name + "' is " +
                              (container.status.empty() ? container.state : container.status)},
              {"hint", "its log says why; restarting the service may help"}};
  }
  return nullptr;
}

}  // namespace

std::string state_of(const Active& service, const ServiceFacts& facts) {
  if (facts.busy && facts.busy->kind == "install") return "installing";
  if (facts.busy && facts.busy->kind == "update") return "updating";
  if (json_bool(facts.plugin, "quarantined")) return "quarantined";
  if (!service.entry.enabled) return "stopped";
  if (facts.busy && facts.busy->kind != "remove" && facts.busy->kind != "stop") return "starting";
  bool starting = false;
  for (const ContainerState& container : facts.containers) {
    if (container.health == ContainerHealth::unhealthy || container.health == ContainerHealth::ended ||
        container.health == ContainerHealth::missing)
      return "failed";
    starting = starting || container.health != ContainerHealth::healthy;
  }
  return starting ? "starting" : "running";
}

Json schema_in(const Json& schema, const std::string& language) { return texts_in(schema, language); }

Json texts_in(const Json& value, const std::string& language) {
  if (is_text_by_language(value)) return plugin::in_language(value.get<plugin::Text>(), language);
  if (!value.is_structured()) return value;
  Json out = value;
  for (auto& item : out) item = texts_in(item, language);
  return out;
}

Json service_json(const Active& service, const ServiceFacts& facts, const Frame& frame,
                  const std::string& language) {
  const plugin::Manifest& manifest = service.manifest;
  const std::string id = service.entry.id;
  const Json ui = texts_in(service.parts.ui, language);
  Json json = {{"id", id},
               {"label", service.entry.label},
               {"name", plugin::in_language(manifest.name, language)},
               {"summary", plugin::in_language(manifest.summary, language)},
               {"icon", manifest.icon.empty() ? Json(nullptr) : Json("/api/services/" + id + "/icon")},
               {"version", service.entry.version},
               {"kind", manifest.kind == plugin::Kind::native ? "native" : "declarative"},
               {"mode", facts.plugin.is_object() ? json_string(facts.plugin, "mode") : "declarative"},
               {"category", manifest.category},
               {"state", state_of(service, facts)},
               {"address", nullable(address_of(service, frame))},
               {"enabled", service.entry.enabled},
               {"installed_at", service.entry.installed_at},
               {"containers", containers_json(service, facts)},
               {"options", options_json(manifest, facts.options)},
               {"options_schema", schema_in(manifest.options, language)},
               {"accounts", nullptr},
               {"clients", ui.value("clients", Json::array())},
               {"panels", ui.value("panels", Json::array())},
               {"plugin", facts.plugin}};
  if (!facts.update_version.empty()) json["update_version"] = facts.update_version;
  if (manifest.accounts)
    json["accounts"] = {
        {"kind", "app_passwords"}, {"quota", manifest.accounts->quota}, {"login", manifest.accounts->login}};
  if (Json problem = problem_json(service, facts); !problem.is_null()) json["problem"] = std::move(problem);
  if (facts.busy && !facts.busy->job_id.empty()) json["job_id"] = facts.busy->job_id;
  return json;
}

}  // namespace cell::services
