#include "domain/services/plan_conflicts.hpp"
#include "domain/services/services.hpp"
#include "plugin/messages.hpp"

// Removing a service.
namespace cell::services {

namespace {

// Devices whose way out goes with the service would be cut off without anybody having said so.
Result<void> check_unused(const Json& root, const std::string& id) {
  const auto lost = lost_exits(root, id, {});
  if (lost.empty()) return {};
  return Error{
      Code::conflict, lost.front().name + ": " + lost.front().detail, lost.front().fix, {}, "exit_in_use"};
}

const std::vector<std::string> kRemovePhases{"Names and routes", "Containers", "Leftovers"};

}  // namespace

Result<std::string> Services::remove(const std::string& id, bool purge, const std::string& actor) {
  CELL_TRY(installed(id));
  CELL_TRY(check_unused(parts_.config.snapshot()->root, id));
  auto job = begin(id, "remove", "Remove " + id, actor, kRemovePhases,
                   [=, this](jobs::Progress& progress) -> Result<void> {
                     Operation operation = CELL_TRY(operation_for(id, "remove", CELL_TRY(installed(id))));
                     operation.purge = purge;
                     return run_remove(operation, actor, progress);
                   });
  if (job) tell(id, "removing");
  return job;
}

Result<void> Services::run_remove(const Operation& operation, const std::string& actor,
                                  jobs::Progress& progress) {
  const std::string& id = operation.id;
  progress.phase("Names and routes");
  notify(id, plugin::event::removing(operation.purge));
  // From here on it goes forward, whatever happens: half a service is of no use to anybody.
  CELL_TRY(parts_.journal.put(operation));
  CELL_TRY(commit_gone(id, actor));
  progress.phase("Containers");
  CELL_TRY(parts_.converge.now());
  progress.phase("Leftovers");
  return settle(operation);
}

}  // namespace cell::services
