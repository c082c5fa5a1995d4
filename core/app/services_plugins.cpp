#include "app/machine_facts.hpp"
#include "app/services_parts.hpp"
#include "http/client.hpp"
#include "plugin/messages.hpp"

// The plugins of services: who hosts them, and what they may ask.
namespace cell::app {

namespace {

plugin::UnpackedPackage unpacked(const services::Package& package) {
  return {package.directory, package.manifest, package.sha256, {}};
}

Json status_json(const plugin::PluginStatus& status) {
  Json json = {{"id", status.id},
               {"version", status.version},
               {"mode", status.mode},
               {"abi", status.abi},
               {"state", plugin::to_string(status.state)},
               {"failures", status.failures}};
  if (status.last_failure)
    json["last_failure"] = {{"at", status.last_failure->at},
                            {"call", status.last_failure->call},
                            {"message", status.last_failure->message}};
  if (!status.quarantined_since.empty()) json["quarantined_since"] = status.quarantined_since;
  if (status.memory_bytes > 0) json["memory_bytes"] = status.memory_bytes;
  return json;
}

}  // namespace

Json ServicesParts::people() const {
  Json list = Json::array();
  for (const identity::Person& person : needs_.identity.people().list())
    list.push_back({{"id", person.id}, {"name", person.name}, {"role", plugin::role_name(person.is_admin)}});
  return list;
}

Result<void> ServicesParts::open_plugins() {
  Foundation& foundation = needs_.foundation;
  plugin_services_ = CELL_TRY(services::PluginServices::open(
      {.database = *foundation.database,
       .engine = *foundation.engine,
       .secrets = secrets_,
       .events = *foundation.events,
       .frame = [this] { return frame(); },
       .options = [this](const plugin::Manifest& manifest) { return services_->options(manifest); },
       .identity =
           [&foundation] {
             const auto identity = settings::identity_of(foundation.config->snapshot()->root);
             return Json{{"name", identity.cell_name},
                         {"domain", identity.domain_name},
                         {"timezone", identity.timezone},
                         {"language", "en"}};
           },
       .people = [this] { return people(); },
       .peers = [this] { return needs_.devices.overview(); },
       .replan = [this](std::string_view reason) { needs_.stack.request(reason); },
       .fetch = http::fetch}));
  quarantine_ = CELL_TRY(
      plugin::Quarantine::open(foundation.environment.directory / "data/quarantine", foundation.clock));
  plugin::Registry::Parts parts;
  parts.quarantine = quarantine_.get();
  parts.logs = &foundation.logs;
  parts.clock = &foundation.clock;
  parts.host_program = program_beside("cell-plugin-host");
  parts.host = [this](const plugin::Manifest& manifest) {
    return plugin::make_host_call(manifest, *plugin_services_);
  };
  registry_ = std::make_unique<plugin::Registry>(std::move(parts));
  return {};
}

services::Plugins ServicesParts::plugins() {
  services::Plugins plugins;
  // In a process of its own, whoever made it: what it does there harms nothing that runs.
  plugins.preview = [this](const services::Package& package) -> Result<std::unique_ptr<plugin::Instance>> {
    if (package.manifest.kind == plugin::Kind::declarative) return plugin::open_declarative(package.manifest);
    plugin::OpenOptions options;
    options.library = unpacked(package).library();
    options.host_program = program_beside("cell-plugin-host");
    options.log = needs_.foundation.logs.logger("plugin-" + package.manifest.id);
    options.host = [](const std::string&, const Json&) -> Result<Json> {
      return Error{Code::forbidden, "the plugin is only looked at"};
    };
    return plugin::open_isolated(package.manifest, std::move(options));
  };
  plugins.load = [this](const services::Package& package, std::optional<bool> isolated) {
    return registry_->load(unpacked(package), isolated.value_or(!package.first_party));
  };
  plugins.unload = [this](const std::string& id) { registry_->unload(id); };
  plugins.plan = [this](const std::string& id, const Json& config) { return registry_->plan(id, config); };
  plugins.handle = [this](const std::string& id, const plugin::PluginRequest& request) {
    return registry_->handle(id, request);
  };
  plugins.notify = [this](const std::string& id, const Json& event) { return registry_->notify(id, event); };
  return plugins;
}

std::string ServicesParts::login_of(const identity::Person& person) {
  const auto accounts = accounts_->of_service({});
  if (!accounts) return {};
  for (const services::Account& account : *accounts) {
    if (account.person_id == person.id) return account.login;
  }
  return {};
}

Json ServicesParts::plugin_of(const std::string& id) const {
  const auto status = registry_->status(id);
  if (!status) return nullptr;
  Json json = {{"mode", status->mode},
               {"failures", status->failures},
               {"quarantined", status->state == plugin::PluginState::quarantined}};
  const Json full = status_json(*status);
  if (full.contains("last_failure")) json["last_failure"] = full["last_failure"];
  return json;
}

Json ServicesParts::plugin_list() const {
  Json items = Json::array();
  for (const plugin::PluginStatus& status : registry_->list()) items.push_back(status_json(status));
  return items;
}

// Loaded anew: one that hung in this process is never called again as it is.
Result<void> ServicesParts::release(const std::string& id) {
  CELL_TRY(registry_->release(id));
  const auto running = runtime_->find(id);
  const auto entry = settings::service_of(needs_.foundation.config->snapshot()->root, id);
  if (!running || !entry) return {};
  CELL_TRY(runtime_->install(running->package, entry->isolated));
  needs_.stack.request("plugin '" + id + "' was released");
  return {};
}

Result<void> ServicesParts::isolate(const std::string& id, std::optional<bool> isolated,
                                    const config::CommitOptions& options) {
  const auto running = runtime_->find(id);
  const auto entry = settings::service_of(needs_.foundation.config->snapshot()->root, id);
  if (!running || !entry) return Error{Code::not_found, "there is no plugin '" + id.substr(0, 64) + "'"};
  if (isolated == false && !running->package.first_party)
    return Error{Code::forbidden,
                 "only plugins that come with the product may run inside the core",
                 "leave it in a process of its own",
                 {},
                 "third_party"};
  CELL_TRY(runtime_->install(running->package, isolated));
  CELL_TRY(needs_.foundation.config->commit(options, [&](Json& root) -> Result<void> {
    auto current = settings::service_of(root, id);
    if (!current) return Error{Code::not_found, "there is no plugin '" + id + "' any more"};
    current->isolated = isolated;
    settings::put_service(root, *current);
    return {};
  }));
  return {};
}

}  // namespace cell::app
