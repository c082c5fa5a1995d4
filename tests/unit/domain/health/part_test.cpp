#include "domain/health/part.hpp"

#include <gtest/gtest.h>

namespace cell::health {
namespace {

using reconcile::State;
using reconcile::Status;

const Part kDns{"dns", "cell-dns", "coredns"};

State state(const std::string& kind, const std::string& name, Status status, const std::string& reason = {}) {
  State made{"core", kind, name, status, {}, {}, 0};
  if (!reason.empty()) made.error = Error{Code::internal, reason};
  return made;
}

PartHealth dns(Status container, const std::string& why_container, Status document,
               const std::string& why_document, const std::set<std::string>& stopped = {}) {
  return health_of(kDns,
                   {state("container", "cell-ntp", Status::failed, "not this one"),
                    state("container", "cell-dns", container, why_container),
                    state("coredns", "cell-dns", document, why_document)},
                   stopped);
}

TEST(PartHealth, OfAPartWhoseContainerAndDocumentAreThereIsOk) {
  const auto health = dns(Status::applied, "", Status::applied, "");
  EXPECT_EQ(health.state, "ok");
  EXPECT_EQ(health.detail, "");
}

TEST(PartHealth, WithoutAContainerIsDownAndSaysWhy) {
  const auto health = dns(Status::failed, "port 53 is in use", Status::pending, "waits for its container");
  EXPECT_EQ(health.state, "down");
  EXPECT_EQ(health.detail, "port 53 is in use");
}

TEST(PartHealth, WithADocumentThatIsNotTakenIsDegradedAndSaysWhy) {
  const auto health = dns(Status::applied, "", Status::failed, "the zone is refused");
  EXPECT_EQ(health.state, "degraded");
  EXPECT_EQ(health.detail, "the zone is refused");
}

TEST(PartHealth, ThatWaitsSaysForWhat) {
  const auto health = dns(Status::pending, "waits for its image", Status::applied, "");
  EXPECT_EQ(health.state, "pending");
  EXPECT_EQ(health.detail, "waits for its image");
}

TEST(PartHealth, ThatNobodyHasLookedAtIsPending) {
  EXPECT_EQ(health_of(kDns, {}, {}).state, "pending");
  EXPECT_EQ(health_of(kDns, {state("container", "cell-dns", Status::applied)}, {}).state, "pending");
}

TEST(PartHealth, ThatItsOwnerStoppedSaysSo) {
  const auto health = dns(Status::applied, "", Status::pending, "waits for its container", {"cell-dns"});
  EXPECT_EQ(health.state, "down");
  EXPECT_EQ(health.detail, "stopped by an administrator");
}

}  // namespace
}  // namespace cell::health
