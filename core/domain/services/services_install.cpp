#include "domain/services/prepared.hpp"
#include "plugin/messages.hpp"

// Installing and configuring.
namespace cell::services {

namespace {

const std::vector<std::string> kInstallPhases{"Package", "Images", "Containers", "Health",
                                              "Names and routes"};
const std::vector<std::string> kConfigurePhases{"Images", "Containers", "Health", "Names and routes"};

}  // namespace

Result<std::string> Services::install(const std::string& id, const Wish& wish, const std::string& actor) {
  if (settings::service_of(parts_.config.snapshot()->root, id))
    return Error{Code::conflict,
                 "the service '" + id + "' is installed already",
                 "update or configure it",
                 {},
                 "already_installed"};
  // The package is here since the plan was shown, so this is quick, and the caller hears at once what is
  // wrong.
  if (!wish.plan_token.empty()) CELL_TRY(check_shown(CELL_TRY(prepare(id, wish, [](double) {})), wish));
  auto job = begin(id, "install", "Install " + id, actor, kInstallPhases,
                   [=, this](jobs::Progress& progress) { return run_install(id, wish, actor, progress); });
  if (job) tell(id, "installing");
  return job;
}

Result<void> Services::run_install(const std::string& id, const Wish& wish, const std::string& actor,
                                   jobs::Progress& progress) {
  progress.phase("Package");
  Prepared prepared = CELL_TRY(prepare(id, wish, [&](double done) { progress.advance(done); }));
  CELL_TRY(check_shown(prepared, wish));
  const Operation operation = CELL_TRY(operation_for(id, "install", std::nullopt));
  CELL_TRY(parts_.journal.put(operation));
  const auto run = [&]() -> Result<void> {
    CELL_TRY(parts_.secrets.ensure(prepared.after.manifest));
    CELL_TRY(parts_.secrets.put_options(id, prepared.secret_options));
    CELL_TRY(provide_images(prepared.after, progress));
    if (progress.cancelled()) return jobs::cancelled();
    progress.phase("Containers");
    CELL_TRY(parts_.runtime.install(prepared.running->package, prepared.after.entry.isolated));
    CELL_TRY(commit(prepared.after.entry, actor, "service '" + id + "' added"));
    CELL_TRY(parts_.converge.now());
    const Active active =
        CELL_TRY(parts_.runtime.active(parts_.config.snapshot()->root, prepared.after.entry));
    CELL_TRY(wait_healthy(active, progress));
    progress.phase("Names and routes");
    return publish(active.entry, active.parts, actor);
  };
  auto done = run();
  if (done) done = parts_.journal.drop(id);
  if (!done) return failed(operation, std::move(done).error());
  notify(id, plugin::event::installed(prepared.after.entry.version));
  return {};
}

Result<std::string> Services::configure(const std::string& id, const Wish& wish, const std::string& actor) {
  CELL_TRY(installed(id));
  CELL_TRY(check_shown(CELL_TRY(prepare(id, wish, [](double) {})), wish));
  return begin(id, "configure", "Configure " + id, actor, kConfigurePhases,
               [=, this](jobs::Progress& progress) { return run_configure(id, wish, actor, progress); });
}

Result<void> Services::run_configure(const std::string& id, const Wish& wish, const std::string& actor,
                                     jobs::Progress& progress) {
  const auto before = CELL_TRY(installed(id));
  Prepared prepared = CELL_TRY(prepare(id, wish, [](double) {}));
  CELL_TRY(check_shown(prepared, wish));
  const Operation operation = CELL_TRY(operation_for(id, "configure", before));
  CELL_TRY(parts_.secrets.keep_options(id));
  CELL_TRY(parts_.journal.put(operation));
  const auto run = [&]() -> Result<void> {
    CELL_TRY(provide_images(prepared.after, progress));
    if (progress.cancelled()) return jobs::cancelled();
    progress.phase("Containers");
    CELL_TRY(parts_.secrets.put_options(id, prepared.secret_options));
    CELL_TRY(commit(prepared.after.entry, actor, "service '" + id + "' configured"));
    CELL_TRY(parts_.converge.now());
    const Active active =
        CELL_TRY(parts_.runtime.active(parts_.config.snapshot()->root, prepared.after.entry));
    if (before.enabled) CELL_TRY(wait_healthy(active, progress));
    progress.phase("Names and routes");
    return publish(active.entry, active.parts, actor);
  };
  auto done = run();
  if (done) done = parts_.journal.drop(id);
  if (!done) return failed(operation, std::move(done).error());
  CELL_TRY(parts_.secrets.drop_kept_options(id));
  notify(id, plugin::event::options_changed());
  return {};
}

}  // namespace cell::services
