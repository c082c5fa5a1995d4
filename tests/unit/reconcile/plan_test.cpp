#include "reconcile/plan.hpp"

#include <gtest/gtest.h>

namespace cell::reconcile {
namespace {

Container container(std::string name, std::string image = "img:1") {
  Container out{"core", {}, false};
  out.spec.name = std::move(name);
  out.spec.image = std::move(image);
  out.spec.network = "t-network";
  out.spec.ipv4_address = "172.29.1.3";
  return out;
}

Desired example() {
  Desired desired;
  desired.instance = "t";
  desired.networks = {{"core", {"t-network", "172.29.1.0/24", "", {}}}};
  desired.containers = {container("t-dns")};
  return desired;
}

// What the engine holds once everything of `desired` was made.
Observed made(const Desired& desired) {
  Observed observed;
  for (const Network& network : desired.networks) {
    observed.networks.push_back({"n",
                                 network.spec.name,
                                 {network.spec.ipv4_subnet},
                                 labels_of(desired.instance, resource_of(network)),
                                 1});
  }
  for (const Volume& volume : desired.volumes) observed.volumes.push_back({volume.name, {}});
  for (const Container& entry : desired.containers) {
    observed.containers.push_back({"c",
                                   entry.spec.name,
                                   entry.spec.image,
                                   "sha256:1",
                                   "running",
                                   "Up",
                                   labels_of(desired.instance, resource_of(entry)),
                                   {},
                                   {entry.spec.ipv4_address},
                                   {entry.spec.network}});
    observed.images[entry.spec.image] = "sha256:1";
  }
  return observed;
}

std::vector<std::string> steps(const Plan& plan) {
  std::vector<std::string> out;
  for (const Step& step : plan.steps)
    out.push_back(std::string(to_string(step.action)) + " " + step.resource.key() + ": " + step.reason);
  return out;
}
using Steps = std::vector<std::string>;

TEST(Diff, MakesEverythingFromNothingInOrder) {
  Desired desired = example();
  desired.volumes = {{"core", "t-data"}};

  EXPECT_EQ(steps(diff(desired, {})),
            (Steps{"create network/t-network: it is missing", "create volume/t-data: it is missing",
                   "pull image/img:1: it is missing", "create container/t-dns: it is missing"}));
}

TEST(Diff, IsEmptyWhenEverythingIsAsItShouldBe) {
  const Desired desired = example();
  const Observed observed = made(desired);

  const Plan plan = diff(desired, observed);

  EXPECT_TRUE(plan.steps.empty());
  EXPECT_TRUE(plan.problems.empty());
  EXPECT_EQ(plan.wanted.size(), 3U);
}

TEST(Diff, RecreatesAContainerWhoseSettingsChanged) {
  const Desired before = example();
  Desired after = before;
  after.containers[0].spec.command = {"-conf", "/x"};

  EXPECT_EQ(steps(diff(after, made(before))), Steps{"recreate container/t-dns: its settings changed"});
}

TEST(Diff, RecreatesAContainerWhoseImageWasBuiltAnew) {
  const Desired desired = example();
  Observed observed = made(desired);
  observed.images["img:1"] = "sha256:2";

  EXPECT_EQ(steps(diff(desired, observed)), Steps{"recreate container/t-dns: its image changed"});
}

TEST(Diff, RecreatesWhatWasTakenOutOfItsNetworkOrGivenAnotherAddress) {
  const Desired desired = example();
  Observed elsewhere = made(desired);
  elsewhere.containers[0].networks = {"bridge"};
  Observed moved = made(desired);
  moved.containers[0].addresses = {"172.29.1.77"};

  EXPECT_EQ(steps(diff(desired, elsewhere)),
            Steps{"recreate container/t-dns: it was taken out of its network"});
  EXPECT_EQ(steps(diff(desired, moved)), Steps{"recreate container/t-dns: its address changed"});
}

TEST(Diff, StartsWhatStandsStillUnlessItsOwnerStoppedIt) {
  Desired desired = example();
  Observed observed = made(desired);
  observed.containers[0].state = "exited";

  EXPECT_EQ(steps(diff(desired, observed)), Steps{"start container/t-dns: it does not run"});
  desired.containers[0].stopped = true;
  EXPECT_EQ(steps(diff(desired, observed)), Steps{});
}

TEST(Diff, ReportsAContainerThatStartsAgainAndAgain) {
  const Desired desired = example();
  Observed observed = made(desired);
  observed.containers[0].state = "restarting";

  const Plan plan = diff(desired, observed);

  EXPECT_TRUE(plan.steps.empty());
  ASSERT_EQ(plan.problems.size(), 1U);
  EXPECT_EQ(plan.problems[0].error.message, "container 't-dns' starts and ends again and again");
}

TEST(Diff, RemovesAContainerWhoseOwnerIsGoneBeforeItMakesAnother) {
  const Desired before = example();
  Desired after = before;
  after.containers[0].spec.name = "t-names";

  EXPECT_EQ(steps(diff(after, made(before))), (Steps{"remove container/t-dns: nothing wants it any more",
                                                     "create container/t-names: it is missing"}));
}

TEST(Diff, NeverTouchesContainersAndNetworksOfOthers) {
  const Desired desired = example();
  Observed observed = made(desired);
  observed.containers.push_back({"x", "web", "nginx", "s", "running", "Up", {}, {}, {}, {"bridge"}});
  observed.containers.push_back({"y",
                                 "u-dns",
                                 "img:1",
                                 "s",
                                 "exited",
                                 "Exited",
                                 {{"cell.instance", "u"}, {"cell.hash", "1"}},
                                 {},
                                 {},
                                 {}});
  observed.containers.push_back(
      {"z", "t-api", "pic/celld:1", "s", "running", "Up", {{"cell.instance", "t"}}, {}, {}, {"host"}});
  observed.networks.push_back({"n", "bridge", {"172.17.0.0/16"}, {}, 1});
  observed.networks.push_back(
      {"n", "u-network", {"172.29.2.0/24"}, {{"cell.instance", "u"}, {"cell.hash", "1"}}, 0});

  EXPECT_EQ(steps(diff(desired, observed)), Steps{});
}

TEST(Diff, NamesTheContainerThatHasTakenOurName) {
  const Desired desired = example();
  Observed observed = made(desired);
  observed.containers[0].labels = {{"com.example", "1"}};

  const Plan plan = diff(desired, observed);

  EXPECT_TRUE(plan.steps.empty());
  ASSERT_EQ(plan.problems.size(), 1U);
  EXPECT_EQ(plan.problems[0].error.code, Code::conflict);
  EXPECT_EQ(plan.problems[0].error.message,
            "the name 't-dns' is used by a container that does not belong to this cell");
  EXPECT_EQ(plan.problems[0].error.hint,
            "remove it with 'docker rm -f t-dns' or choose another CELL_INSTANCE");
}

TEST(Diff, AdoptsANetworkOfOursWithTheSameSubnetWhateverItsHash) {
  const Desired desired = example();
  Observed observed = made(desired);
  observed.networks[0].labels = {{"cell.instance", "t"}};

  EXPECT_EQ(steps(diff(desired, observed)), Steps{});
}

TEST(Diff, DoesNotTakeANetworkThatIsNotOurs) {
  const Desired desired = example();
  Observed observed = made(desired);
  observed.networks[0].labels = {};

  const Plan plan = diff(desired, observed);

  ASSERT_EQ(plan.problems.size(), 1U);
  EXPECT_EQ(plan.problems[0].error.message,
            "network 't-network' is there already and does not belong to this cell");
}

TEST(Diff, MakesTheNetworkAnewForAnotherSubnetWithItsContainersOutOfTheWay) {
  const Desired before = example();
  Desired after = before;
  after.networks[0].spec.ipv4_subnet = "172.29.9.0/24";
  after.containers[0].spec.ipv4_address = "172.29.9.3";

  EXPECT_EQ(steps(diff(after, made(before))), (Steps{"remove container/t-dns: its network is replaced",
                                                     "recreate network/t-network: its subnet changed",
                                                     "create container/t-dns: it is missing"}));
}

TEST(Diff, LeavesANetworkWithAStrangerInItAndSaysWho) {
  const Desired before = example();
  Desired after = before;
  after.networks[0].spec.ipv4_subnet = "172.29.9.0/24";
  Observed observed = made(before);
  observed.containers.push_back({"x", "web", "nginx", "s", "running", "Up", {}, {}, {}, {"t-network"}});

  const Plan plan = diff(after, observed);

  EXPECT_EQ(steps(plan), Steps{});
  ASSERT_EQ(plan.problems.size(), 1U);
  EXPECT_EQ(plan.problems[0].error.message,
            "network 't-network' has another subnet, and container 'web' uses it");
}

TEST(Diff, NeverRemovesVolumes) {
  const Desired desired = example();
  Observed observed = made(desired);
  observed.volumes = {{"t-old", {{"cell.instance", "t"}, {"cell.hash", "1"}}}};

  EXPECT_EQ(steps(diff(desired, observed)), Steps{});
}

}  // namespace
}  // namespace cell::reconcile
