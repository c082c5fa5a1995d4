#include "domain/services/runtime.hpp"

#include "base/atomic_file.hpp"
#include "domain/services/plan_input.hpp"
#include "plugin/options.hpp"

namespace cell::services {

Result<std::shared_ptr<Running>> Runtime::open(const Package& package) const {
  return std::make_shared<Running>(package, CELL_TRY(parts_.plugins.preview(package)));
}

Result<void> Runtime::install(const Package& package, std::optional<bool> isolated, bool may_fail) {
  const auto loaded = parts_.plugins.load(package, isolated);
  if (!loaded && !may_fail) return loaded;
  const std::lock_guard lock(mutex_);
  running_[package.manifest.id] = std::make_shared<Running>(package);
  return loaded;
}

void Runtime::remove(const std::string& id) {
  parts_.plugins.unload(id);
  const std::lock_guard lock(mutex_);
  running_.erase(id);
}

std::shared_ptr<Running> Runtime::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(id);
  return found == running_.end() ? nullptr : found->second;
}

Result<Json> Runtime::options_of(const plugin::Manifest& manifest,
                                 const settings::ServiceEntry& entry) const {
  Json options = entry.options;
  options.update(CELL_TRY(parts_.secrets.options(entry.id)));
  return plugin::complete_options(manifest, options);
}

Result<Json> Runtime::input_of(const Json& root, const plugin::Manifest& manifest,
                               const settings::ServiceEntry& entry, const Json& options,
                               const Json& secrets) {
  const auto accounts =
      manifest.accounts ? CELL_TRY(parts_.accounts.of_service(entry.id)) : std::vector<Account>{};
  return plan_input(root, manifest, entry, options, secrets, accounts);
}

Result<Active> Runtime::preview(const Json& root, Running& running, const settings::ServiceEntry& entry,
                                const Json& options, const Json& secrets) {
  const plugin::Manifest& manifest = running.package.manifest;
  const Json input = CELL_TRY(input_of(root, manifest, entry, options, secrets));
  const Json document =
      CELL_TRY(running.preview ? running.preview->plan(input) : parts_.plugins.plan(manifest.id, input));
  return Active{entry, manifest, CELL_TRY(plugin::parse_contributions(document, manifest))};
}

std::filesystem::path Runtime::kept_file(const std::string& id) const {
  return files_folder(parts_.cell_directory, id) / "contributions.json";
}

Result<plugin::Contributions> Runtime::last_good(Running& running) const {
  if (running.parts) return *running.parts;
  const plugin::Manifest& manifest = running.package.manifest;
  const std::string text = CELL_TRY(read_file(kept_file(manifest.id)));
  return plugin::parse_contributions(CELL_TRY(parse_json(text)), manifest);
}

// With the lock of `running` held.
Result<plugin::Contributions> Runtime::plan(const Json& root, Running& running,
                                            const settings::ServiceEntry& entry) {
  const plugin::Manifest& manifest = running.package.manifest;
  const Json input = CELL_TRY(input_of(root, manifest, entry, CELL_TRY(options_of(manifest, entry)),
                                       CELL_TRY(parts_.secrets.values(entry.id))));
  const std::string text = dump_json(input);
  if (running.parts && running.input == text) return *running.parts;
  const Json document = CELL_TRY(parts_.plugins.plan(manifest.id, input));
  running.parts = CELL_TRY(plugin::parse_contributions(document, manifest));
  running.input = text;
  CELL_TRY(ensure_directory(files_folder(parts_.cell_directory, manifest.id), 0700));
  CELL_TRY(write_file_if_changed(kept_file(manifest.id), dump_json(document), 0600));
  return *running.parts;
}

Result<Active> Runtime::active(const Json& root, const settings::ServiceEntry& entry) {
  const auto running = find(entry.id);
  if (!running) return Error{Code::unavailable, "the package of '" + entry.id + "' is not open"};
  const std::lock_guard lock(running->mutex);
  auto parts = plan(root, *running, entry);
  const std::string problem = parts ? std::string() : parts.error().message;
  if (!problem.empty() && problem != running->problem)
    parts_.log.error("plan failed, the last good one stays in force",
                     {{"plugin", entry.id}, {"reason", problem}, {"hint", parts.error().hint}});
  running->problem = problem;
  if (!parts) parts = last_good(*running);
  if (!parts) return Error{Code::unavailable, problem};
  return Active{entry, running->package.manifest, std::move(parts).value()};
}

}  // namespace cell::services
