#include "domain/services/convergence.hpp"

#include <gmock/gmock.h>

#include "domain/services/desired_parts.hpp"
#include "unit/domain/services/sample_service.hpp"

namespace cell::services {
namespace {

engine::ContainerSummary web_as(const std::string& state, const std::string& status) {
  reconcile::Desired desired;
  add_to(desired, notes(), sample_frame());
  engine::ContainerSummary container;
  container.name = "cell-notes-web";
  container.state = state;
  container.status = status;
  container.labels[reconcile::kLabelHash] = reconcile::resource_of(desired.containers[0]).hash;
  return container;
}

TEST(Convergence, TellsTheStatesOfAContainerApart) {
  engine::ContainerSummary old = web_as("running", "Up 3 hours");
  old.labels[reconcile::kLabelHash] = "another";
  const std::vector<std::pair<engine::ContainerSummary, ContainerHealth>> rows{
      {web_as("running", "Up 2 minutes (healthy)"), ContainerHealth::healthy},
      {web_as("running", "Up 2 minutes"), ContainerHealth::healthy},
      {web_as("running", "Up 2 minutes (unhealthy)"), ContainerHealth::unhealthy},
      {web_as("running", "Up 1 second (health: starting)"), ContainerHealth::starting},
      {web_as("created", "Created"), ContainerHealth::starting},
      {web_as("exited", "Exited (1) 2 seconds ago"), ContainerHealth::ended},
      {web_as("restarting", "Restarting (1) 2 seconds ago"), ContainerHealth::ended},
      {old, ContainerHealth::outdated}};
  for (const auto& [container, health] : rows) {
    const auto states = container_states(notes(), sample_frame(), {container});
    EXPECT_EQ(states[0].health, health) << container.status;
    EXPECT_EQ(states[1].health, ContainerHealth::missing);
  }
}

TEST(Convergence, PatienceFollowsTheServicesOwnChecks) {
  Json document = notes_contributions();
  document["containers"][0]["health"] = {
      {"command", {"true"}}, {"interval_s", 10}, {"timeout_s", 5}, {"start_period_s", 20}, {"retries", 3}};

  EXPECT_EQ(patience_of(notes().parts), std::chrono::seconds{60});
  EXPECT_EQ(patience_of(notes(document).parts), std::chrono::seconds{60 + 20 + 15 * 4});
}

}  // namespace
}  // namespace cell::services
