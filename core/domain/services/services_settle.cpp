#include "domain/services/services.hpp"

// What was begun and did not come to its end.
namespace cell::services {

namespace {

std::set<std::string> set_of(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

}  // namespace

// The error of an act, after it was taken back.
Error Services::failed(const Operation& operation, Error error) {
  parts_.log.warn("an act on a service failed and is taken back",
                  {{"service", operation.id}, {"kind", operation.kind}, {"reason", error.message}});
  const auto journalled = parts_.journal.find(operation.id);
  const auto settled = settle(journalled && *journalled ? **journalled : operation);
  if (!settled) {
    parts_.log.error("what an act began could not be taken back yet, the next start tries again",
                     {{"service", operation.id}, {"reason", settled.error().message}});
    error.hint += std::string(error.hint.empty() ? "" : "; ") +
                  "what was begun is still there: " + settled.error().message;
  }
  return error;
}

Result<void> Services::settle(const Operation& operation) {
  if (operation.kind == "install") CELL_TRY(take_back_install(operation));
  if (operation.kind == "update" && operation.done) return finish_update(operation);
  if (operation.kind == "update") CELL_TRY(take_back_update(operation));
  if (operation.kind == "configure") CELL_TRY(take_back_configure(operation));
  if (operation.kind == "remove") CELL_TRY(finish_remove(operation));
  return parts_.journal.drop(operation.id);
}

Result<void> Services::take_back_install(const Operation& operation) {
  const std::string& id = operation.id;
  CELL_TRY(commit_gone(id, "system"));
  CELL_TRY(parts_.converge.now());
  CELL_TRY(wait_gone(id));
  parts_.runtime.remove(id);
  const auto before = set_of(operation.volumes_before);
  for (const std::string& volume : CELL_TRY(volumes_.of(id))) {
    if (!before.contains(volume)) CELL_TRY(volumes_.remove(volume));
  }
  parts_.images.remove_leftovers();
  parts_.images.remove_built(id, operation.images_before);
  if (!operation.had_secrets) CELL_TRY(parts_.secrets.remove(id));
  std::error_code ignored;
  std::filesystem::remove_all(files_folder(parts_.frame().core.directory, id), ignored);
  parts_.catalogue.tidy(id);
  return {};
}

Result<void> Services::take_back_configure(const Operation& operation) {
  CELL_TRY(parts_.secrets.bring_options_back(operation.id));
  CELL_TRY(commit(*operation.before, "system", "service '" + operation.id + "' is as it was before"));
  CELL_TRY(parts_.converge.now());
  parts_.images.remove_leftovers();
  const auto before = set_of(operation.volumes_before);
  for (const std::string& volume : CELL_TRY(volumes_.of(operation.id))) {
    if (!before.contains(volume)) CELL_TRY(volumes_.remove(volume));
  }
  return {};
}

Result<void> Services::reopen(const settings::ServiceEntry& entry) {
  const auto running = parts_.runtime.find(entry.id);
  if (running && running->package.sha256 == entry.package) return {};
  const Package package = CELL_TRY(parts_.catalogue.installed(entry));
  // A plugin that can't be loaded any more must not keep its containers from coming back.
  static_cast<void>(parts_.runtime.install(package, entry.isolated, true));
  return {};
}

// What is left of an update that holds. Copies that the engine does not give up yet take room, and harm
// nothing: the journal keeps the update for the next start or act to try again.
Result<void> Services::finish_update(const Operation& operation) {
  CELL_TRY(parts_.secrets.drop_kept_options(operation.id));
  const auto removed = volumes_.remove_copies(operation.id);
  if (removed) return parts_.journal.drop(operation.id);
  parts_.log.warn("copies of volumes from before an update stay for now",
                  {{"service", operation.id}, {"reason", removed.error().message}});
  return {};
}

// The old version's containers are made, but not started until their volumes are as they were.
Result<void> Services::take_back_update(const Operation& operation) {
  const std::string& id = operation.id;
  settings::ServiceEntry entry = *operation.before;
  CELL_TRY(parts_.secrets.bring_options_back(id));
  CELL_TRY(reopen(entry));
  entry.enabled = false;
  CELL_TRY(commit(entry, "system", "service '" + id + "' goes back to " + entry.version));
  CELL_TRY(parts_.converge.now());
  CELL_TRY(stop_containers(id));
  const auto before = set_of(operation.volumes_before);
  for (const std::string& volume : operation.copied) {
    const auto back = volumes_.bring_back(id, volume);
    // Somebody removed it: nothing that is done here brings it back.
    if (!back && back.error().code == Code::not_found)
      parts_.log.error("a volume can't go back to what it was",
                       {{"service", id}, {"reason", back.error().message}});
    else
      CELL_TRY(back);
  }
  // Before the old version writes: what it writes must not be taken back once more.
  Operation brought_back = operation;
  brought_back.copied.clear();
  CELL_TRY(parts_.journal.put(brought_back));
  for (const std::string& volume : CELL_TRY(volumes_.of(id))) {
    if (!before.contains(volume)) CELL_TRY(volumes_.remove(volume));
  }
  CELL_TRY(commit(*operation.before, "system", "service '" + id + "' is back at " + entry.version));
  CELL_TRY(parts_.converge.now());
  CELL_TRY(volumes_.remove_copies(id));
  parts_.images.remove_leftovers();
  parts_.images.remove_built(id, operation.images_before);
  parts_.catalogue.tidy(id);
  return {};
}

Result<void> Services::finish_remove(const Operation& operation) {
  const std::string& id = operation.id;
  CELL_TRY(commit_gone(id, "system"));
  CELL_TRY(parts_.converge.now());
  CELL_TRY(wait_gone(id));
  parts_.runtime.remove(id);
  CELL_TRY(volumes_.remove_copies(id));
  if (operation.purge) {
    for (const std::string& volume : CELL_TRY(volumes_.of(id))) CELL_TRY(volumes_.remove(volume));
    CELL_TRY(parts_.secrets.remove(id));
    CELL_TRY(parts_.accounts.forget_service(id));
    CELL_TRY(parts_.forget(id));
  }
  parts_.images.remove_built(id, {});
  std::error_code ignored;
  std::filesystem::remove_all(files_folder(parts_.frame().core.directory, id), ignored);
  parts_.catalogue.tidy(id);
  return {};
}

void Services::open() {
  const auto operations = parts_.journal.list();
  if (!operations) {
    parts_.log.error("the journal of services can't be read", {{"reason", operations.error().message}});
    return;
  }
  for (const Operation& operation : *operations) {
    if (operation.done) continue;
    // What must hold before anything is started; the rest needs the engine.
    Result<void> done;
    if (operation.kind == "install" || operation.kind == "remove") done = commit_gone(operation.id, "system");
    if (operation.before && operation.kind != "remove") {
      settings::ServiceEntry entry = *operation.before;
      // Volumes are brought back before the old version may write to them.
      if (!operation.copied.empty()) entry.enabled = false;
      done = commit(entry, "system", "service '" + operation.id + "' is as it was before");
      if (const auto back = parts_.secrets.bring_options_back(operation.id); !back) done = back;
    }
    if (!done)
      parts_.log.error("an interrupted act can't be taken back",
                       {{"service", operation.id}, {"reason", done.error().message}});
  }
  for (const settings::ServiceEntry& entry : settings::services_of(parts_.config.snapshot()->root)) {
    const auto package = parts_.catalogue.installed(entry);
    const auto opened =
        package ? parts_.runtime.install(*package, entry.isolated, true) : Result<void>(package.error());
    if (!opened)
      parts_.log.error("a service's plugin can't be loaded, its containers stay as they are",
                       {{"service", entry.id}, {"reason", opened.error().message}});
  }
}

void Services::recover() {
  const auto operations = parts_.journal.list();
  if (!operations) return;
  for (const Operation& operation : *operations) {
    const auto job = begin(operation.id, "recover",
                           "Tidy up after an interrupted " + operation.kind + " of " + operation.id, "system",
                           {"Tidying up"}, [](jobs::Progress& progress) -> Result<void> {
                             progress.phase("Tidying up");
                             return {};  // begin() settles what the journal holds
                           });
    if (!job)
      parts_.log.error("an interrupted act stays as it is",
                       {{"service", operation.id}, {"reason", job.error().message}});
  }
}

}  // namespace cell::services
