#include "domain/services/desired_parts.hpp"
#include "domain/services/prepared.hpp"
#include "plugin/options.hpp"

// What would be done, and whether it may be.
namespace cell::services {

namespace {

std::vector<std::string> container_names(const plugin::Contributions& parts) {
  std::vector<std::string> names;
  for (const plugin::ContainerWish& container : parts.containers) names.push_back(container.name);
  return names;
}

std::vector<plugin::PortWish> ports_of(const plugin::Contributions& parts) {
  std::vector<plugin::PortWish> ports;
  for (const plugin::ContainerWish& container : parts.containers) {
    for (const plugin::PortWish& port : container.ports) {
      if (port.expose != plugin::Expose::none) ports.push_back(port);
    }
  }
  return ports;
}

Error refused(const std::string& message, std::string hint, std::string reason) {
  return Error{Code::conflict, message, std::move(hint), {}, std::move(reason)};
}

}  // namespace

Result<PlanFacts> Services::facts_for(const Active& after) {
  PlanFacts facts;
  for (const auto& [key, reference] : after.entry.images) {
    if (CELL_TRY(parts_.images.is_here(reference))) facts.images_here.insert(reference);
  }
  const std::string instance = parts_.frame().core.instance;
  for (const engine::ContainerSummary& container : CELL_TRY(parts_.engine.containers())) {
    const auto label = container.labels.find(reconcile::kLabelInstance);
    if (label == container.labels.end() || label->second != instance)
      facts.foreign_containers.insert(container.name);
  }
  // Its own ports are busy because it runs.
  std::set<std::pair<std::uint16_t, bool>> own;
  for (const Active& other : active(parts_.config.snapshot()->root)) {
    const auto ports = ports_of(other.parts);
    if (other.entry.id != after.entry.id) {
      facts.other_ports[other.entry.id] = ports;
      continue;
    }
    for (const plugin::PortWish& port : ports) own.insert({port.port, port.is_tcp});
  }
  for (const plugin::PortWish& port : ports_of(after.parts)) {
    if (port.expose == plugin::Expose::vpn || own.contains({port.port, port.is_tcp})) continue;
    if (parts_.machine.is_port_busy(port.port, port.is_tcp))
      facts.busy_ports.insert({port.port, port.is_tcp});
  }
  facts.free_bytes = parts_.machine.free_bytes();
  facts.free_memory_bytes = parts_.machine.free_memory_bytes();
  return facts;
}

// `before` is the entry of a service that is installed.
Result<Services::Prepared> Services::prepare_with(std::shared_ptr<Running> running, const Wish& wish,
                                                  const std::optional<settings::ServiceEntry>& before) {
  const config::Snapshot document = parts_.config.snapshot();
  const plugin::Manifest& manifest = running->package.manifest;
  settings::ServiceEntry entry = before.value_or(settings::ServiceEntry{});
  entry.id = manifest.id;
  entry.label = manifest.label;
  entry.version = manifest.version;
  entry.package = running->package.sha256;
  entry.source = running->package.source;
  if (wish.isolated) entry.isolated = wish.isolated;
  if (!before) entry.installed_at = format_time(parts_.clock.now());
  const Json secrets = CELL_TRY(parts_.secrets.completed(manifest));
  Json old = entry.options;
  if (before) old.update(CELL_TRY(parts_.secrets.options(entry.id)));
  const Json merged = merge_options(old, wish.options);
  const Json complete = CELL_TRY(plugin::complete_options(manifest, merged));
  SplitOptions split = split_options(manifest, merged);
  entry.options = std::move(split.open);
  const bool same_package = before && before->package == entry.package;
  if (!same_package) entry.images = CELL_TRY(parts_.images.references(manifest));
  Prepared prepared{running,
                    std::nullopt,
                    CELL_TRY(parts_.runtime.preview(document->root, *running, entry, complete, secrets)),
                    std::move(split.secret),
                    {}};
  prepared.after.entry.addresses =
      CELL_TRY(addresses_for(document->root, entry.id, container_names(prepared.after.parts)));
  if (before) {
    if (auto active = parts_.runtime.active(document->root, *before))
      prepared.before = std::move(active).value();
  }
  prepared.shown.plan = make_service_plan(document->root, parts_.frame(), prepared.before, prepared.after,
                                          CELL_TRY(facts_for(prepared.after)));
  prepared.shown.token = token_of(prepared.shown.plan, prepared.after, entry.package);
  return prepared;
}

Result<Services::Prepared> Services::prepare(const std::string& id, const Wish& wish,
                                             const std::function<void(double)>& advance) {
  const auto before = settings::service_of(parts_.config.snapshot()->root, id);
  const auto there = parts_.runtime.find(id);
  const bool stays = before && there && (wish.version.empty() || wish.version == before->version);
  if (stays) return prepare_with(there, wish, before);
  // Without a wished version an installed one stays at what it has, also where its folder is damaged.
  const std::string version = wish.version.empty() && before ? before->version : wish.version;
  const Package package = CELL_TRY(parts_.catalogue.fetch(id, version, advance));
  if (before && before->source != package.source && !package.first_party)
    return refused("this version comes from the store '" + package.source +
                       "', and what is installed from '" + before->source + "'",
                   "remove the service first if you trust that store with its data", "other_store");
  return prepare_with(CELL_TRY(parts_.runtime.open(package)), wish, before);
}

Result<ShownPlan> Services::plan(const std::string& id, const Wish& wish) {
  return CELL_TRY(prepare(id, wish, [](double) {})).shown;
}

Result<void> Services::check_shown(const Prepared& prepared, const Wish& wish) const {
  const ShownPlan& shown = prepared.shown;
  if (!shown.plan.conflicts.empty()) {
    const Conflict& first = shown.plan.conflicts.front();
    return refused(first.name + ": " + first.detail, first.fix, "plan_conflicts");
  }
  if (!wish.plan_token.empty() && wish.plan_token != shown.token)
    return refused("what would be done has changed since the plan was shown", "look at the plan again",
                   "plan_changed");
  if (!shown.plan.permissions_added.empty() && !wish.accept_permissions)
    return refused("this version may do more than the one that is installed: " +
                       plugin::in_language(shown.plan.permissions_added.front().words, "en"),
                   "accept it with accept_permissions, or keep the version that is there",
                   "permissions_widened");
  return {};
}

}  // namespace cell::services
