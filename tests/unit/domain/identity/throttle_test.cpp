#include "domain/identity/throttle.hpp"

#include <gtest/gtest.h>

#include "domain/identity/source.hpp"

namespace cell::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Attempts that fail; the number that were admitted.
int fail(Throttle& throttle, int times, const std::string& account, const std::string& address) {
  int admitted = 0;
  for (int i = 0; i < times; ++i) admitted += throttle.admit(account, address).ok() ? 1 : 0;
  return admitted;
}

TEST(Throttle, FifthFailureBringsAGrowingDelay) {
  ManualClock clock;
  Throttle throttle(clock);
  EXPECT_EQ(fail(throttle, 10, "ann", "192.0.2.1"), 5);

  for (const int delay_s : {1, 2, 4, 8, 16}) {
    const auto refused = throttle.admit("ann", "192.0.2.1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::rate_limited);
    EXPECT_EQ(refused.error().retry_after_s, delay_s);
    clock.advance(seconds(delay_s));
    EXPECT_TRUE(throttle.admit("ann", "192.0.2.1"));
  }
}

TEST(Throttle, DelayNeverExceedsFifteenMinutes) {
  ManualClock clock;
  Throttle throttle(clock);
  for (int i = 0; i < 40; ++i) {
    const auto admitted = throttle.admit("ann", "192.0.2.1");
    if (!admitted) {
      ASSERT_LE(admitted.error().retry_after_s, 900);
      clock.advance(seconds(admitted.error().retry_after_s));
    }
  }
}

TEST(Throttle, ForgetsAfterAQuietQuarterOfAnHour) {
  ManualClock clock;
  Throttle throttle(clock);
  fail(throttle, 5, "ann", "192.0.2.1");
  clock.advance(minutes(15));

  EXPECT_EQ(fail(throttle, 10, "ann", "192.0.2.1"), 5);
}

TEST(Throttle, OtherAddressIsNotLockedOut) {
  ManualClock clock;
  Throttle throttle(clock);
  fail(throttle, 20, "ann", "192.0.2.1");

  EXPECT_TRUE(throttle.admit("ann", "198.51.100.9"));
}

TEST(Throttle, NameIsComparedWithoutCase) {
  ManualClock clock;
  Throttle throttle(clock);
  fail(throttle, 5, "ann", "192.0.2.1");

  EXPECT_FALSE(throttle.admit("ANN", "192.0.2.1"));
}

TEST(Throttle, TwentyAMinutePerSource) {
  ManualClock clock;
  Throttle throttle(clock);
  int admitted = 0;
  for (int i = 0; i < 50; ++i)
    admitted += throttle.admit("name" + std::to_string(i), "192.0.2.1").ok() ? 1 : 0;
  EXPECT_EQ(admitted, 20);

  clock.advance(seconds(60));
  EXPECT_TRUE(throttle.admit("name", "192.0.2.1"));
}

TEST(Throttle, SixtyFourBitsOfIpv6AreOneSource) {
  ManualClock clock;
  Throttle throttle(clock);
  int admitted = 0;
  for (int i = 0; i < 50; ++i) {
    admitted +=
        throttle.admit("n" + std::to_string(i), "2001:db8:0:1::" + std::to_string(i + 1)).ok() ? 1 : 0;
  }
  EXPECT_EQ(admitted, 20);
  EXPECT_TRUE(throttle.admit("n", "2001:db8:0:2::1"));
  EXPECT_EQ(source_key("::ffff:192.0.2.1"), source_key("192.0.2.1"));
}

TEST(Throttle, AccountHasAHundredAnHourButItsOwnersAddressGoesOn) {
  ManualClock clock;
  Throttle throttle(clock);
  ASSERT_TRUE(throttle.admit("ann", "192.0.2.1"));
  throttle.succeeded("ann", "192.0.2.1");
  int admitted = 0;
  for (int i = 0; i < 150; ++i) {
    admitted += throttle.admit("ann", "10.0." + std::to_string(i) + ".1").ok() ? 1 : 0;
  }

  EXPECT_EQ(admitted, 100);
  EXPECT_TRUE(throttle.admit("ann", "192.0.2.1"));
  clock.advance(minutes(60));
  EXPECT_TRUE(throttle.admit("ann", "10.9.9.9"));
}

TEST(Throttle, SuccessForgetsTheFailures) {
  ManualClock clock;
  Throttle throttle(clock);
  fail(throttle, 4, "ann", "192.0.2.1");
  ASSERT_TRUE(throttle.admit("ann", "192.0.2.1"));
  throttle.succeeded("ann", "192.0.2.1");

  EXPECT_EQ(fail(throttle, 10, "ann", "192.0.2.1"), 5);
}

TEST(Throttle, WithdrawnAttemptsDoNotCount) {
  ManualClock clock;
  Throttle throttle(clock);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(throttle.admit("ann", "192.0.2.1"));
    throttle.withdrawn("ann", "192.0.2.1");
  }
}

TEST(Throttle, MillionAddressesStayWithinItsTables) {
  ManualClock clock;
  Throttle throttle(clock, 1000);
  for (int i = 0; i < 100'000; ++i) {
    (void)throttle.admit("name" + std::to_string(i), std::to_string(i % 250) + "." +
                                                         std::to_string(i / 250 % 250) + "." +
                                                         std::to_string(i / 62'500) + ".1");
  }
  EXPECT_LE(throttle.entries(), 4000U);
}

}  // namespace
}  // namespace cell::identity
