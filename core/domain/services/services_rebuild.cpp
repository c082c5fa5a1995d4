#include "domain/services/services.hpp"

// Images that were made on another base image than the one that is here.
namespace cell::services {

namespace {

const std::vector<std::string> kRebuildPhases{"Images", "Containers", "Health"};

std::vector<std::string> references_in(const settings::ServiceEntry& entry) {
  std::vector<std::string> references;
  for (const auto& [key, reference] : entry.images) references.push_back(reference);
  return references;
}

}  // namespace

// The base holds what all images share, security updates among it; it becomes another one with the product.
void Services::renew_images() {
  for (const settings::ServiceEntry& entry : settings::services_of(parts_.config.snapshot()->root)) {
    const auto running = parts_.runtime.find(entry.id);
    if (!running) continue;
    auto references = parts_.images.references(running->package.manifest);
    if (!references) {
      parts_.log.warn("images of a service stay as they are",
                      {{"service", entry.id}, {"reason", references.error().message}});
      continue;
    }
    if (*references == entry.images) continue;
    const auto job =
        begin(entry.id, "rebuild", "Rebuild the images of " + entry.id, "system", kRebuildPhases,
              [this, id = entry.id](jobs::Progress& progress) { return run_rebuild(id, progress); });
    if (!job)
      parts_.log.warn("images of a service are not made anew, the next start tries again",
                      {{"service", entry.id}, {"reason", job.error().message}});
  }
}

Result<void> Services::run_rebuild(const std::string& id, jobs::Progress& progress) {
  const auto before = CELL_TRY(installed(id));
  const auto running = parts_.runtime.find(id);
  if (!running) return Error{Code::unavailable, "the package of '" + id + "' is not open", "look at Plugins"};
  settings::ServiceEntry entry = before;
  entry.images = CELL_TRY(parts_.images.references(running->package.manifest));
  // Taken back like a change of options, of which this has none.
  const Operation operation = CELL_TRY(operation_for(id, "configure", before));
  CELL_TRY(parts_.secrets.keep_options(id));
  CELL_TRY(parts_.journal.put(operation));
  const auto run = [&]() -> Result<void> {
    const Active after = CELL_TRY(parts_.runtime.active(parts_.config.snapshot()->root, entry));
    CELL_TRY(provide_images(after, progress));
    if (progress.cancelled()) return jobs::cancelled();
    progress.phase("Containers");
    CELL_TRY(commit(entry, "system", "images of service '" + id + "' made anew"));
    CELL_TRY(parts_.converge.now());
    return before.enabled ? wait_healthy(after, progress) : Result<void>{};
  };
  auto done = run();
  if (done) done = parts_.journal.drop(id);
  if (!done) return failed(operation, std::move(done).error());
  CELL_TRY(parts_.secrets.drop_kept_options(id));
  parts_.images.remove_built(id, references_in(entry));
  return {};
}

}  // namespace cell::services
