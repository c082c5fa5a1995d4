#include "domain/peers/links.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "domain/peers/address_limit.hpp"
#include "unit/support/config_state.hpp"

namespace cell::peers {
namespace {

using std::chrono::seconds;

struct LinksTest : testing::Test {
  std::unique_ptr<database::Database> database = database::Database::in_memory().value();
  ManualClock clock;
  std::unique_ptr<Links> links = Links::open(*database, clock).value();

  NewLink add(const std::string& peer = "p") { return links->create(peer, seconds{3600}).value(); }
};

TEST_F(LinksTest, TokenHas256BitsAndOnlyItsHashIsKept) {
  const NewLink made = add();
  EXPECT_EQ(made.token.reveal().size(), 43u);
  const auto rows = database->query("SELECT * FROM enrol_links").value();
  ASSERT_EQ(rows.size(), 1u);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      EXPECT_EQ(row.text(i).find(made.token.reveal()), std::string::npos);
  }
}

TEST_F(LinksTest, LookingUsesNothingUpAndClaimingDoes) {
  const NewLink made = add();
  EXPECT_EQ(links->find(made.token.reveal())->peer_id, "p");
  EXPECT_TRUE(links->find(made.token.reveal()));
  EXPECT_TRUE(links->claim(made.token.reveal()));
  EXPECT_EQ(links->claim(made.token.reveal()).error().code, Code::not_found);
  EXPECT_EQ(links->find(made.token.reveal()).error().code, Code::not_found);
  EXPECT_TRUE(links->of_peer("p")->at(0).used_at);
}

TEST_F(LinksTest, ExactlyOneOfManyClaimsSucceeds) {
  const NewLink made = add();
  std::atomic<int> claimed{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i)
      threads.emplace_back([&] { claimed += links->claim(made.token.reveal()).ok() ? 1 : 0; });
  }
  EXPECT_EQ(claimed, 1);
}

TEST_F(LinksTest, LinkThatWasGivenBackWorksAgain) {
  const NewLink made = add();
  ASSERT_TRUE(links->give_back(links->claim(made.token.reveal()).value()));
  EXPECT_TRUE(links->claim(made.token.reveal()));
}

TEST_F(LinksTest, ExpiredRevokedAndUnknownOnesAreAlike) {
  const NewLink expired = add();
  const NewLink revoked = add();
  ASSERT_TRUE(links->revoke("p", revoked.link.id));
  ASSERT_TRUE(links->revoke("p", revoked.link.id));
  clock.advance(seconds{3600});
  const auto unknown = links->claim(std::string(43, 'A'));
  for (const NewLink* link : {&expired, &revoked}) {
    const auto claimed = links->claim(link->token.reveal());
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().message, unknown.error().message);
    EXPECT_EQ(claimed.error().code, unknown.error().code);
  }
  EXPECT_FALSE(links->find(""));
  EXPECT_EQ(links->revoke("q", expired.link.id).error().code, Code::not_found) << "another device's link";
}

TEST_F(LinksTest, LifetimeAndNumberAreBounded) {
  EXPECT_EQ(links->create("p", seconds{59}).error().fields.at(0).pointer, "/expires_in");
  EXPECT_EQ(links->create("p", seconds{30 * 86'400 + 1}).error().fields.at(0).pointer, "/expires_in");
  for (int i = 0; i < 20; ++i) add();
  EXPECT_EQ(links->create("p", seconds{3600}).error().reason, "too_many_links");
  EXPECT_TRUE(links->create("q", seconds{3600}));
  clock.advance(seconds{3600});
  EXPECT_TRUE(links->create("p", seconds{3600})) << "expired ones do not count";
}

TEST_F(LinksTest, AreForgottenWithTheirDevice) {
  const NewLink made = add();
  ASSERT_TRUE(links->forget("p"));
  EXPECT_FALSE(links->find(made.token.reveal()));
  EXPECT_TRUE(links->of_peer("p")->empty());
}

TEST(AddressLimitTest, RefusesAfterSoManyAMinuteFromOneSource) {
  ManualClock clock;
  AddressLimit limit(clock, 3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.admit("a"));
  clock.advance(seconds{20});
  const auto refused = limit.admit("a");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::rate_limited);
  EXPECT_EQ(refused.error().retry_after_s, 40);
  EXPECT_TRUE(limit.admit("b"));
  clock.advance(seconds{40});
  EXPECT_TRUE(limit.admit("a"));
}

}  // namespace
}  // namespace cell::peers
