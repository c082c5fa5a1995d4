#include "reconcile/objects.hpp"

#include "base/atomic_file.hpp"

namespace cell::reconcile {

namespace {

Result<void> create_network(engine::Engine& engine, const std::string& instance, const Step& step) {
  engine::NetworkSpec spec = step.network->spec;
  spec.labels.merge(labels_of(instance, step.resource));
  CELL_TRY(engine.create_network(spec));
  return {};
}

// The engine refuses a bind mount whose source is missing.
Result<void> make_mount_sources(const engine::ContainerSpec& spec) {
  for (const engine::Mount& mount : spec.mounts) {
    std::error_code ignored;
    if (mount.is_volume || std::filesystem::exists(mount.source, ignored)) continue;
    CELL_TRY(ensure_directory(mount.source));
  }
  return {};
}

Result<void> create_container(engine::Engine& engine, const std::string& instance, const Step& step) {
  CELL_TRY(make_mount_sources(step.container->spec));
  engine::ContainerSpec spec = step.container->spec;
  for (auto& [key, value] : labels_of(instance, step.resource)) spec.labels[key] = value;
  CELL_TRY(engine.create_container(spec));
  if (step.container->stopped) return {};
  return engine.start_container(spec.name);
}

Result<void> apply_to_network(engine::Engine& engine, const std::string& instance, const Step& step) {
  if (step.action != Action::create) CELL_TRY(engine.remove_network(step.resource.name));
  return step.action == Action::remove ? Result<void>{} : create_network(engine, instance, step);
}

Result<void> apply_to_container(engine::Engine& engine, const std::string& instance, const Step& step) {
  if (step.action == Action::start) return engine.start_container(step.resource.name);
  if (step.action != Action::create) CELL_TRY(engine.remove_container(step.resource.name));
  return step.action == Action::remove ? Result<void>{} : create_container(engine, instance, step);
}

}  // namespace

Result<Observed> observe(engine::Engine& engine, const Desired& desired) {
  Observed observed;
  observed.containers = CELL_TRY(engine.containers());
  observed.networks = CELL_TRY(engine.networks());
  if (!desired.volumes.empty()) observed.volumes = CELL_TRY(engine.volumes());
  for (const Container& container : desired.containers) {
    const std::string& reference = container.spec.image;
    if (observed.images.contains(reference)) continue;
    observed.images[reference] = CELL_TRY(engine.image_id(reference));
  }
  return observed;
}

Result<void> apply(engine::Engine& engine, const std::string& instance, const Step& step,
                   const PullListener& on_pull) {
  const Resource& resource = step.resource;
  if (resource.kind == "network") return apply_to_network(engine, instance, step);
  if (resource.kind == "container") return apply_to_container(engine, instance, step);
  if (resource.kind == "volume") return engine.create_volume(resource.name, labels_of(instance, resource));
  return engine.pull(resource.name, [&](const engine::PullProgress& progress) {
    if (on_pull) on_pull(resource.name, progress);
  });
}

}  // namespace cell::reconcile
