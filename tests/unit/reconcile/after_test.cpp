#include <gtest/gtest.h>

#include "base/atomic_file.hpp"
#include "reconcile/documents.hpp"
#include "reconcile/plan.hpp"
#include "unit/support/fake_engine.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::reconcile {
namespace {

Container named(const std::string& name, std::vector<std::string> after = {}) {
  Container container{"notes", {}, false, std::move(after)};
  container.spec.name = name;
  container.spec.image = "img:1";
  return container;
}

// "a", and "b" that starts after it.
Desired two() {
  Desired desired;
  desired.instance = "t";
  desired.containers = {named("a"), named("b", {"a"})};
  return desired;
}

Observed with_a(const Desired& desired, const std::string& state, const std::string& status) {
  Observed observed;
  observed.images["img:1"] = "sha256:1";
  observed.containers = {{"c",
                          "a",
                          "img:1",
                          "sha256:1",
                          state,
                          status,
                          labels_of("t", resource_of(desired.containers[0])),
                          {},
                          {},
                          {}}};
  return observed;
}

std::vector<std::string> waiting(const Plan& plan) {
  std::vector<std::string> names;
  for (const Problem& wait : plan.waits) names.push_back(wait.resource.name + ": " + wait.error.message);
  return names;
}

TEST(After, AContainerWaitsUntilTheOtherIsHealthy) {
  const std::vector<std::string> waits{"b: waits for container 'a' to be healthy"};
  const Desired desired = two();

  EXPECT_EQ(waiting(diff(desired, with_a(desired, "running", "Up 1 second (health: starting)"))), waits);
  EXPECT_EQ(waiting(diff(desired, with_a(desired, "running", "Up 1 minute (unhealthy)"))), waits);
  EXPECT_EQ(waiting(diff(desired, with_a(desired, "exited", "Exited (1)"))), waits);
  EXPECT_EQ(waiting(diff(desired, Observed{})), waits);
}

TEST(After, AContainerStartsOnceTheOtherIsHealthyOrRunsWithoutACheck) {
  const Desired desired = two();
  for (const char* status : {"Up 1 minute (healthy)", "Up 1 minute"}) {
    const Plan plan = diff(desired, with_a(desired, "running", status));
    ASSERT_EQ(plan.steps.size(), 1U) << status;
    EXPECT_EQ(plan.steps[0].resource.name, "b");
  }
}

TEST(After, WhatItsOwnerStoppedIsNotWaitedFor) {
  Desired desired = two();
  desired.containers[0].stopped = true;

  EXPECT_TRUE(diff(desired, with_a(desired, "exited", "Exited (0)")).waits.empty());
}

TEST(Untouched, ContainersOfAnOwnerWhoseWishIsNotKnownStay) {
  const Desired before = two();
  Desired desired;
  desired.instance = "t";
  desired.untouched_owners = {"notes"};

  EXPECT_TRUE(diff(desired, with_a(before, "running", "Up")).steps.empty());
  desired.untouched_owners.clear();
  EXPECT_EQ(diff(desired, with_a(before, "running", "Up")).steps.size(), 1U);
}

class ServiceFiles : public testing::Test {
 protected:
  FileDocument document(const std::string& content) {
    FileDocument out;
    out.kind = "files";
    out.owner = "notes";
    out.container = "a";
    out.tell = Tell::hangup;
    out.marker = place_.path() / "a/.applied";
    out.whole_folders = true;
    out.files = {{place_.path() / "a/etc/main.conf", content}};
    return out;
  }

  test::TemporaryDirectory place_;
  test::FakeEngine engine_;
};

TEST_F(ServiceFiles, WhatIsNoLongerWantedGoesFromTheFolder) {
  ASSERT_TRUE(ensure_directory(place_.path() / "a/etc"));
  ASSERT_TRUE(write_file_atomic(place_.path() / "a/etc/old.conf", "x"));

  EXPECT_TRUE(*write_files(document("one")));
  EXPECT_FALSE(std::filesystem::exists(place_.path() / "a/etc/old.conf"));
  EXPECT_FALSE(*write_files(document("one")));
}

TEST_F(ServiceFiles, AContainerIsToldOnceByTheSignalItWants) {
  engine_.containers_by_name["a"].state = "running";
  ASSERT_TRUE(write_files(document("one")));

  EXPECT_TRUE(*tell_container(engine_, document("one"), false));
  EXPECT_FALSE(*tell_container(engine_, document("one"), false));
  EXPECT_EQ(engine_.containers_by_name["a"].signals, std::vector<std::string>{"SIGHUP"});
  EXPECT_FALSE(std::filesystem::exists(place_.path() / "a/etc/.applied"));
}

}  // namespace
}  // namespace cell::reconcile
