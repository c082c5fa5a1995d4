#include "domain/setup/code.hpp"

#include <set>

#include <gtest/gtest.h>

namespace cell::setup {
namespace {

TEST(SetupCode, HasFourGroupsWithoutLookAlikes) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string code = generate_code();
    ASSERT_EQ(code.size(), 19U) << code;
    EXPECT_EQ(code.find_first_of("ILOU01"), std::string::npos) << code;
    EXPECT_EQ(code[4], '-');
    seen.insert(code);
  }
  EXPECT_EQ(seen.size(), 200U);
}

TEST(SetupCode, IsTakenAsPeopleTypeIt) {
  EXPECT_EQ(normalised_code(" abcd-efgh jkmnPQRS "), "ABCDEFGHJKMNPQRS");
  EXPECT_LE(normalised_code(std::string(100'000, 'A')).size(), 64U);
}

TEST(CodeGuard, TakesTheCodeAndRefusesAnother) {
  ManualClock clock;
  CodeGuard guard(clock);
  guard.set("ABCD-EFGH-JKMN-PQRS");

  EXPECT_TRUE(guard.check("abcdefghjkmnpqrs", "192.0.2.1"));
  for (const char* wrong : {"", "ABCD", "ABCD-EFGH-JKMN-PQRT", "ABCD-EFGH-JKMN-PQRSA"}) {
    const auto result = guard.check(wrong, "192.0.2.2");
    ASSERT_FALSE(result) << wrong;
    EXPECT_EQ(result.error().code, Code::forbidden);
    EXPECT_EQ(result.error().reason, "setup_code_invalid");
  }
}

TEST(CodeGuard, WithoutACodeNothingFits) {
  ManualClock clock;
  CodeGuard guard(clock);
  EXPECT_FALSE(guard.check("", "192.0.2.1"));
}

TEST(CodeGuard, TenWrongOnesAMinuteFromOneAddress) {
  ManualClock clock;
  CodeGuard guard(clock);
  guard.set("ABCD-EFGH-JKMN-PQRS");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(guard.check("X", "192.0.2.1").error().code, Code::forbidden);

  EXPECT_EQ(guard.check("ABCD-EFGH-JKMN-PQRS", "192.0.2.1").error().code, Code::rate_limited);
  EXPECT_TRUE(guard.check("ABCD-EFGH-JKMN-PQRS", "192.0.2.2"));
  clock.advance(std::chrono::seconds(60));
  EXPECT_TRUE(guard.check("ABCD-EFGH-JKMN-PQRS", "192.0.2.1"));
}

}  // namespace
}  // namespace cell::setup
