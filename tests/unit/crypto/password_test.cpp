#include "crypto/password.hpp"

#include <gmock/gmock.h>

namespace cell::crypto {
namespace {

TEST(Password, HashIsAPhcStringWithTodaysCost) {
  const auto phc = hash_password(Secret("correct horse"));

  ASSERT_TRUE(phc);
  EXPECT_THAT(*phc, testing::StartsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_FALSE(needs_rehash(*phc));
}

TEST(Password, OnlyTheRightOneIsAccepted) {
  const std::string phc = *hash_password(Secret("correct horse"));

  EXPECT_TRUE(verify_password(Secret("correct horse"), phc));
  EXPECT_FALSE(verify_password(Secret("correct horsf"), phc));
  EXPECT_FALSE(verify_password(Secret(""), phc));
}

TEST(Password, TwoHashesOfOnePasswordDiffer) {
  EXPECT_NE(*hash_password(Secret("same")), *hash_password(Secret("same")));
}

// From the reference implementation's test suite (phc-winner-argon2, test.c).
TEST(Password, ReadsHashesOfTheReferenceImplementation) {
  const char* phc = "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc";

  EXPECT_TRUE(verify_password(Secret("password"), phc));
  EXPECT_FALSE(verify_password(Secret("passwore"), phc));
  EXPECT_TRUE(needs_rehash(phc));
}

class UnreadableHash : public testing::TestWithParam<const char*> {};

TEST_P(UnreadableHash, IsNoMatch) { EXPECT_FALSE(verify_password(Secret("password"), GetParam())); }

INSTANTIATE_TEST_SUITE_P(
    Hashes, UnreadableHash,
    testing::Values(
        "", "password", "$argon2id$", "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$AAAA",
        "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
        "$argon2id$v=19$m=256,t=4000000000,p=1$c29tZXNhbHQ$AAAA"));

TEST(Password, RefusesOneThatIsFarTooLong) { EXPECT_FALSE(hash_password(Secret(std::string(5000, 'x')))); }

}  // namespace
}  // namespace cell::crypto
