#include "domain/services/addresses.hpp"

#include <gtest/gtest.h>

#include "unit/domain/services/sample_service.hpp"

namespace cell::services {
namespace {

using Addresses = std::map<std::string, settings::ServiceAddress>;

TEST(Addresses, BeginBehindTheCellsOwn) {
  const auto given = allocate_addresses(test::sample_root(), sample_frame().core, "notes", {"web", "worker"});

  ASSERT_TRUE(given);
  EXPECT_EQ(*given,
            (Addresses{{"web", {"172.20.0.16", "fd00:20::10"}}, {"worker", {"172.20.0.17", "fd00:20::11"}}}));
}

TEST(Addresses, StayWhatTheyAreAndAreNobodyElses) {
  Json root = test::sample_root();
  settings::put_service(root, notes().entry);

  EXPECT_EQ(*allocate_addresses(root, sample_frame().core, "notes", {"worker", "db"}),
            (Addresses{{"worker", {"172.20.0.17", "fd00:20::11"}}, {"db", {"172.20.0.18", "fd00:20::12"}}}));
  EXPECT_EQ(*allocate_addresses(root, sample_frame().core, "files", {"web"}),
            (Addresses{{"web", {"172.20.0.18", "fd00:20::12"}}}));
}

TEST(Addresses, EndWithTheNetwork) {
  auto core = sample_frame().core;
  core.network_ipv4 = "172.20.0.0/28";

  const auto given = allocate_addresses(test::sample_root(), core, "notes", {"web"});

  ASSERT_FALSE(given);
  EXPECT_EQ(given.error().message, "the cell's network 172.20.0.0/28 has no free address left");
}

TEST(Addresses, ThoseOfServicesThatAreBeingInstalledAreNotGivenAway) {
  const auto given = allocate_addresses(test::sample_root(), sample_frame().core, "notes", {"web", "worker"},
                                        {"172.20.0.16", "172.20.0.18"});

  ASSERT_TRUE(given);
  EXPECT_EQ(given->at("web").ipv4, "172.20.0.17");
  EXPECT_EQ(given->at("worker").ipv4, "172.20.0.19");
}

}  // namespace
}  // namespace cell::services
