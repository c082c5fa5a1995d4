#include "crypto/seal.hpp"

#include <gmock/gmock.h>

namespace cell::crypto {
namespace {

// NIST GCM test case 14 (256-bit zero key, zero nonce, 16 zero bytes).
TEST(SealVector, OfNistIsOpened) {
  const Secret key(std::string(32, '\0'));
  const std::string sealed =
      std::string(12, '\0') + std::string(
                                  "\xce\xa7\x40\x3d\x4d\x60\x6b\x6e\x07\x4e\xc5\xd3\xba\xf3\x9d\x18"
                                  "\xd0\xd1\xc8\xa7\x99\x99\x6b\xf0\x26\x5b\x98\xb5\xd4\x8a\xb9\x19",
                                  32);

  const auto plain = open(key, sealed, "");

  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(*plain, std::string(16, '\0'));
}

struct Fixture : testing::Test {
  Secret key{std::string(32, 'k')};
  std::string sealed = *seal(key, "hub key", "wireguard/hub");
};

using Seal = Fixture;

TEST_F(Seal, OpensWhatItSealed) { EXPECT_EQ(*open(key, sealed, "wireguard/hub"), "hub key"); }

TEST_F(Seal, NeverGivesTheSameTextTwice) { EXPECT_NE(sealed, *seal(key, "hub key", "wireguard/hub")); }

TEST_F(Seal, TakesAnEmptyValue) { EXPECT_EQ(*open(key, *seal(key, "", ""), ""), ""); }

TEST_F(Seal, RefusesAnotherKey) { EXPECT_FALSE(open(Secret(std::string(32, 'x')), sealed, "wireguard/hub")); }

TEST_F(Seal, RefusesAnotherName) {
  const auto opened = open(key, sealed, "wireguard/other");

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::invalid_argument);
}

TEST_F(Seal, RefusesEveryChangedByte) {
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(open(key, changed, "wireguard/hub")) << "byte " << i;
  }
}

TEST_F(Seal, RefusesATextThatIsCut) {
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(open(key, sealed.substr(0, size), "wireguard/hub"));
}

TEST_F(Seal, RefusesAShortKey) { EXPECT_FALSE(seal(Secret("short"), "x", "")); }

}  // namespace
}  // namespace cell::crypto
