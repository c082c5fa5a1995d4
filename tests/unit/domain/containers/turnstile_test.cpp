#include "domain/containers/turnstile.hpp"

#include <gtest/gtest.h>

namespace cell::containers {
namespace {

TEST(Turnstile, SendsAwayWhoFindsNoPlace) {
  Turnstile turnstile(2, std::chrono::milliseconds{1});
  const auto first = turnstile.enter();
  auto second = std::optional(turnstile.enter());
  ASSERT_TRUE(first);
  ASSERT_TRUE(*second);

  const auto third = turnstile.enter();
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, Code::unavailable);
  EXPECT_EQ(third.error().reason, "engine_busy");

  second.reset();
  EXPECT_TRUE(turnstile.enter());
}

}  // namespace
}  // namespace cell::containers
