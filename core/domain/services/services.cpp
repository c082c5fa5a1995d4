#include "domain/services/services.hpp"

#include <thread>

#include "domain/services/addresses.hpp"
#include "domain/services/desired_parts.hpp"
#include "domain/settings/document.hpp"
#include "plugin/messages.hpp"

namespace cell::services {

namespace {

constexpr std::chrono::seconds kStopGrace{10};
constexpr std::chrono::seconds kGoneLimit{90};
constexpr std::chrono::milliseconds kLook{200};

}  // namespace

Services::Services(Parts parts) : parts_(std::move(parts)), volumes_(parts_.engine, parts_.frame) {}

std::vector<Active> Services::active(const Json& root) {
  std::vector<Active> out;
  for (const settings::ServiceEntry& entry : settings::services_of(root)) {
    auto active = parts_.runtime.active(root, entry);
    const std::string problem = active ? std::string() : active.error().message;
    if (active) out.push_back(std::move(active).value());
    const std::lock_guard lock(mutex_);
    if (!problem.empty() && told_[entry.id] != problem)
      parts_.log.error("a service is left out", {{"service", entry.id}, {"reason", problem}});
    told_[entry.id] = problem;
  }
  return out;
}

Result<settings::ServiceEntry> Services::installed(const std::string& id) const {
  auto entry = settings::service_of(parts_.config.snapshot()->root, id);
  if (entry) return std::move(*entry);
  return Error{Code::not_found, "the service '" + id.substr(0, 64) + "' is not installed",
               "see GET /api/services"};
}

Result<Json> Services::options(const plugin::Manifest& manifest) const {
  const auto entry = settings::service_of(parts_.config.snapshot()->root, manifest.id);
  if (entry) return parts_.runtime.options_of(manifest, *entry);
  return Error{Code::unavailable, "the service is not installed yet", "ask after the event 'installed'"};
}

std::optional<Services::Busy> Services::busy(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = busy_.find(id);
  return found == busy_.end() ? std::nullopt : std::optional(found->second);
}

std::map<std::string, Services::Busy> Services::all_busy() const {
  const std::lock_guard lock(mutex_);
  return busy_;
}

void Services::tell(const std::string& id, const std::string& state) {
  parts_.events.publish("service", {{"id", id}, {"state", state}});
}

// One act on a service at a time; the place is taken before the job exists, so that two callers can't both
// begin.
Result<std::string> Services::begin(const std::string& id, const std::string& kind, const std::string& title,
                                    const std::string& actor, std::vector<std::string> phases, Act act) {
  {
    const std::lock_guard lock(mutex_);
    if (!busy_.try_emplace(id, Busy{kind, {}}).second)
      return Error{Code::conflict,
                   "something is being done to '" + id + "' already",
                   "wait for its job, or cancel it",
                   {},
                   "service_busy"};
  }
  jobs::Request request;
  request.kind = "service." + kind;
  request.title = title;
  request.actor = actor;
  request.target = "service:" + id;
  request.phases = std::move(phases);
  request.run = [this, id, act = std::move(act)](jobs::Progress& progress) -> Result<void> {
    Result<void> done;
    // What an earlier act left behind comes first.
    const auto left = parts_.journal.find(id);
    if (left && *left) done = settle(**left);
    if (done) done = act(progress);
    end(id);
    return done;
  };
  auto job = parts_.jobs.start(std::move(request));
  if (!job) {
    end(id);
    return job;
  }
  const std::lock_guard lock(mutex_);
  if (const auto found = busy_.find(id); found != busy_.end()) found->second.job_id = *job;
  return job;
}

void Services::end(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    busy_.erase(id);
    reserved_.erase(id);
  }
  const auto entry = settings::service_of(parts_.config.snapshot()->root, id);
  tell(id, !entry ? "removed" : entry->enabled ? "running" : "stopped");
}

void Services::notify(const std::string& id, const Json& event) {
  const auto told = parts_.runtime.plugins().notify(id, event);
  if (!told && told.error().code != Code::unsupported)
    parts_.log.warn(
        "a plugin did not take an event, it goes on without",
        {{"plugin", id}, {"event", json_string(event, "type")}, {"reason", told.error().message}});
}

// Together with their reservation, so that two that are planned at once do not get the same ones.
Result<std::map<std::string, settings::ServiceAddress>> Services::addresses_for(
    const Json& root, const std::string& id, const std::vector<std::string>& containers) {
  const Frame where = parts_.frame();
  const std::lock_guard lock(mutex_);
  std::set<std::string> others;
  for (const auto& [service, addresses] : reserved_) {
    if (service != id) others.insert(addresses.begin(), addresses.end());
  }
  auto addresses = CELL_TRY(allocate_addresses(root, where.core, id, containers, others));
  if (busy_.contains(id)) {
    for (const auto& [name, address] : addresses) reserved_[id].insert(address.ipv4);
  }
  return addresses;
}

// --- steps

Result<void> Services::provide_images(const Active& service, jobs::Progress& progress) {
  std::set<std::string> keys;
  for (const plugin::ContainerWish& container : service.parts.containers) keys.insert(container.image);
  progress.phase("Images", std::max<double>(1, static_cast<double>(keys.size())));
  double done = 0;
  for (const std::string& key : keys) {
    const auto reference = service.entry.images.find(key);
    if (reference == service.entry.images.end())
      return Error{Code::internal, "the image '" + key + "' has no reference"};
    const ImageWait wait{[&](double part) { progress.advance(done + part); },
                         [&] { return progress.cancelled(); }};
    CELL_TRY(parts_.images.provide(service.manifest, key, reference->second, wait));
    progress.advance(++done);
  }
  return {};
}

Result<void> Services::commit(const settings::ServiceEntry& entry, const std::string& actor,
                              const std::string& summary) {
  CELL_TRY(parts_.config.commit({actor, summary}, [&](Json& root) -> Result<void> {
    settings::ServiceEntry kept = entry;
    // An act takes minutes, and an owner may set a person's size meanwhile.
    if (const auto current = settings::service_of(root, entry.id)) kept.quotas = current->quotas;
    settings::put_service(root, kept);
    return {};
  }));
  return {};
}

Result<void> Services::commit_gone(const std::string& id, const std::string& actor) {
  CELL_TRY(parts_.config.commit({actor, "service '" + id + "' removed"}, [&](Json& root) -> Result<void> {
    settings::drop_service(root, id);
    return {};
  }));
  return {};
}

Result<void> Services::wait_healthy(const Active& service, jobs::Progress& progress) {
  progress.phase("Health", std::max<double>(1, static_cast<double>(service.parts.containers.size())));
  HealthWait wait({parts_.engine, parts_.converge.states, [&] { return progress.cancelled(); },
                   [&](double healthy, double) { progress.advance(healthy); }});
  return wait.wait(service, parts_.frame());
}

// Names and routes come last: nobody is led to a service that is not up.
Result<void> Services::publish(settings::ServiceEntry entry, const plugin::Contributions& parts,
                               const std::string& actor) {
  entry.hosts = hosts_of(parts);
  entry.web_ui = web_ui_places_of(parts);
  CELL_TRY(commit(entry, actor, "service '" + entry.id + "' published"));
  const auto report = CELL_TRY(parts_.converge.now());
  for (const reconcile::State& state : report.unfinished) {
    const bool is_ours = state.kind == "caddy" || state.kind == "coredns";
    if (is_ours && state.status == reconcile::Status::failed && state.error) return *state.error;
  }
  return {};
}

Result<void> Services::stop_containers(const std::string& id) {
  auto containers = CELL_TRY(parts_.engine.containers(
      {{reconcile::kLabelInstance, parts_.frame().core.instance}, {reconcile::kLabelOwner, id}}));
  for (auto container = containers.rbegin(); container != containers.rend(); ++container)
    CELL_TRY(parts_.engine.stop_container(container->name, kStopGrace));
  return {};
}

Result<void> Services::wait_gone(const std::string& id) {
  const SteadyPoint end = std::chrono::steady_clock::now() + kGoneLimit;
  while (true) {
    const auto left = CELL_TRY(parts_.engine.containers(
        {{reconcile::kLabelInstance, parts_.frame().core.instance}, {reconcile::kLabelOwner, id}}));
    if (left.empty()) return {};
    if (std::chrono::steady_clock::now() > end)
      return Error{Code::timeout, "container '" + left.front().name + "' does not go away",
                   "look whether the container engine is well"};
    std::this_thread::sleep_for(kLook);
  }
}

Result<Operation> Services::operation_for(const std::string& id, const std::string& kind,
                                          const std::optional<settings::ServiceEntry>& before) {
  Operation operation{id, kind, before};
  operation.volumes_before = CELL_TRY(volumes_.of(id));
  operation.images_before = CELL_TRY(parts_.images.built_for(id));
  operation.had_secrets = parts_.secrets.contains(id);
  return operation;
}

// --- power

Result<std::string> Services::start(const std::string& id, const std::string& actor) {
  CELL_TRY(installed(id));
  return begin(id, "start", "Start " + id, actor, {"Containers", "Health"},
               [=, this](jobs::Progress& progress) { return run_power(id, true, actor, progress); });
}

Result<std::string> Services::stop(const std::string& id, const std::string& actor) {
  CELL_TRY(installed(id));
  return begin(id, "stop", "Stop " + id, actor, {"Containers"},
               [=, this](jobs::Progress& progress) { return run_power(id, false, actor, progress); });
}

Result<std::string> Services::restart(const std::string& id, const std::string& actor) {
  CELL_TRY(installed(id));
  return begin(id, "restart", "Restart " + id, actor, {"Containers", "Health"},
               [=, this](jobs::Progress& progress) -> Result<void> {
                 progress.phase("Containers");
                 CELL_TRY(stop_containers(id));
                 return run_power(id, true, actor, progress);
               });
}

Result<void> Services::run_power(const std::string& id, bool on, const std::string& actor,
                                 jobs::Progress& progress) {
  auto entry = CELL_TRY(installed(id));
  progress.phase("Containers");
  tell(id, on ? "starting" : "stopped");
  const Frame frame = parts_.frame();
  CELL_TRY(parts_.config.commit(
      {actor, "service '" + id + "' " + (on ? "started" : "stopped")}, [&](Json& root) -> Result<void> {
        if (auto current = settings::service_of(root, id)) entry = std::move(*current);
        entry.enabled = on;
        settings::put_service(root, entry);
        // Single containers that somebody stopped go with the whole.
        for (const auto& [name, address] : entry.addresses)
          settings::set_container_stopped(root, object_name(frame, id, name), false);
        return {};
      }));
  if (!on) CELL_TRY(stop_containers(id));
  CELL_TRY(parts_.converge.now());
  if (on) {
    const auto active = CELL_TRY(parts_.runtime.active(parts_.config.snapshot()->root, entry));
    CELL_TRY(wait_healthy(active, progress));
  }
  notify(id, on ? plugin::event::started() : plugin::event::stopped());
  return {};
}

// --- accounts

// A plugin may take its time to hear of it.
void Services::accounts_changed(const std::string& id) {
  parts_.later([this, id] { notify(id, plugin::event::accounts_changed()); });
}

Result<IssuedPassword> Services::issue_password(const std::string& id, const std::string& person_id,
                                                const std::string& label) {
  CELL_TRY(installed(id));
  const auto running = parts_.runtime.find(id);
  if (!running) return Error{Code::unavailable, "the package of '" + id + "' is not open", "look at Plugins"};
  if (!running->package.manifest.accounts)
    return Error{Code::unsupported, "the service '" + id + "' has no app passwords"};
  auto issued =
      CELL_TRY(parts_.accounts.issue(id, person_id, label, running->package.manifest.accounts->hash));
  parts_.converge.soon("an app password was made");
  accounts_changed(id);
  return issued;
}

Result<void> Services::revoke_password(const std::string& id, const std::string& password_id) {
  CELL_TRY(installed(id));
  CELL_TRY(parts_.accounts.revoke(id, password_id));
  parts_.converge.soon("an app password was revoked");
  accounts_changed(id);
  return {};
}

Result<void> Services::set_quota(const std::string& id, const std::string& person_id,
                                 std::optional<std::int64_t> mb, const config::CommitOptions& options) {
  CELL_TRY(parts_.config.commit(options, [&](Json& root) -> Result<void> {
    auto entry = settings::service_of(root, id);
    if (!entry) return Error{Code::not_found, "the service '" + id.substr(0, 64) + "' is not installed"};
    if (!json_member(root, "people").contains(person_id))
      return Error{Code::not_found, "there is no such person"};
    if (mb)
      entry->quotas[person_id] = *mb;
    else
      entry->quotas.erase(person_id);
    settings::put_service(root, *entry);
    return {};
  }));
  accounts_changed(id);
  return {};
}

void Services::people_changed() {
  const auto gone = parts_.accounts.forget_strangers();
  if (!gone) parts_.log.warn("app passwords of people who are gone stay", {{"reason", gone.error().message}});
  for (const settings::ServiceEntry& entry : settings::services_of(parts_.config.snapshot()->root)) {
    const auto running = parts_.runtime.find(entry.id);
    if (running && running->package.manifest.accounts) accounts_changed(entry.id);
  }
}

}  // namespace cell::services
