#include "domain/services/prepared.hpp"
#include "plugin/messages.hpp"

// Another version in the place of the one that is there.
namespace cell::services {

namespace {

const std::vector<std::string> kUpdatePhases{"Package",    "Images", "Copies",
                                             "Containers", "Health", "Names and routes"};

bool is_kept(const plugin::Contributions& parts, const Frame& frame, const std::string& id,
             const std::string& volume) {
  return std::any_of(parts.volumes.begin(), parts.volumes.end(), [&](const plugin::VolumeWish& wish) {
    return object_name(frame, id, wish.name) == volume && wish.backup != plugin::Backup::skip;
  });
}

}  // namespace

Result<std::string> Services::update(const std::string& id, const Wish& wish, const std::string& actor) {
  const auto before = CELL_TRY(installed(id));
  Wish wanted = wish;
  if (wanted.version.empty()) wanted.version = parts_.catalogue.newest(id);
  // The same one again mends a package whose folder is damaged.
  const bool is_open = parts_.runtime.find(id) != nullptr;
  if (wanted.version.empty() || (wanted.version == before.version && is_open))
    return Error{
        Code::conflict, "there is no other version of '" + id + "'", "refresh the store", {}, "no_update"};
  if (plugin::compare_versions(wanted.version, before.version) < 0)
    return Error{Code::conflict,
                 "version " + wanted.version + " is older than " + before.version + ", which is installed",
                 "remove the service first; its data would not be understood by an older version",
                 {},
                 "downgrade"};
  if (!wish.plan_token.empty()) CELL_TRY(check_shown(CELL_TRY(prepare(id, wanted, [](double) {})), wanted));
  auto job = begin(id, "update", "Update " + id, actor, kUpdatePhases,
                   [=, this](jobs::Progress& progress) { return run_update(id, wanted, actor, progress); });
  if (job) tell(id, "updating");
  return job;
}

Result<void> Services::run_update(const std::string& id, const Wish& wish, const std::string& actor,
                                  jobs::Progress& progress) {
  const auto before = CELL_TRY(installed(id));
  progress.phase("Package");
  Prepared prepared = CELL_TRY(prepare(id, wish, [&](double done) { progress.advance(done); }));
  CELL_TRY(check_shown(prepared, wish));
  Operation operation = CELL_TRY(operation_for(id, "update", before));
  CELL_TRY(parts_.secrets.keep_options(id));
  CELL_TRY(parts_.journal.put(operation));
  const auto run = [&]() -> Result<void> {
    CELL_TRY(provide_images(prepared.after, progress));
    progress.phase("Copies", std::max<double>(1, static_cast<double>(operation.volumes_before.size())));
    // Stopped, so that the copies hold what the last client was told is safe. The reconciler must not start
    // them meanwhile.
    settings::ServiceEntry held = before;
    held.enabled = false;
    CELL_TRY(commit(held, actor, "service '" + id + "' stopped for an update"));
    CELL_TRY(stop_containers(id));
    double done = 0;
    for (const std::string& volume : operation.volumes_before) {
      if (progress.cancelled()) return jobs::cancelled();
      if (prepared.before && !is_kept(prepared.before->parts, parts_.frame(), id, volume)) continue;
      CELL_TRY(volumes_.copy_aside(id, volume));
      operation.copied.push_back(volume);
      CELL_TRY(parts_.journal.put(operation));
      progress.advance(++done);
    }
    progress.phase("Containers");
    CELL_TRY(parts_.secrets.ensure(prepared.after.manifest));
    CELL_TRY(parts_.secrets.put_options(id, prepared.secret_options));
    CELL_TRY(parts_.runtime.install(prepared.running->package, prepared.after.entry.isolated));
    CELL_TRY(commit(prepared.after.entry, actor,
                    "service '" + id + "' updated to " + prepared.after.entry.version));
    CELL_TRY(parts_.converge.now());
    const Active active =
        CELL_TRY(parts_.runtime.active(parts_.config.snapshot()->root, prepared.after.entry));
    if (before.enabled) CELL_TRY(wait_healthy(active, progress));
    progress.phase("Names and routes");
    return publish(active.entry, active.parts, actor);
  };
  if (auto done = run(); !done) return failed(operation, std::move(done).error());
  // From here on nothing goes back to the copies, whatever becomes of removing them.
  operation.done = true;
  if (auto kept = parts_.journal.put(operation); !kept) return failed(operation, std::move(kept).error());
  CELL_TRY(finish_update(operation));
  std::vector<std::string> keep;
  for (const auto& [key, reference] : prepared.after.entry.images) keep.push_back(reference);
  parts_.images.remove_built(id, keep);
  parts_.catalogue.tidy(id);
  notify(id, plugin::event::updated(before.version, prepared.after.entry.version));
  return {};
}

}  // namespace cell::services
