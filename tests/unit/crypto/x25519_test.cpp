#include "crypto/x25519.hpp"

#include <gmock/gmock.h>

#include "crypto/encoding.hpp"

namespace cell::crypto {
namespace {

// RFC 7748 §6.1: Alice's and Bob's keys.
TEST(WireGuardKeys, MatchRfc7748) {
  EXPECT_EQ(*wireguard_public_key(Secret("dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=")),
            "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=");
  EXPECT_EQ(*wireguard_public_key(Secret("XasIfmJKikt54X+Lg4AO5m87sSkmGLb9HC+LJ/+I4Os=")),
            "3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=");
}

TEST(WireGuardKeys, PublicKeyBelongsToThePrivateOne) {
  const auto keys = generate_wireguard_keys();

  ASSERT_TRUE(keys);
  EXPECT_EQ(*wireguard_public_key(keys->private_key), keys->public_key);
  EXPECT_TRUE(check_wireguard_key(keys->public_key));
}

TEST(WireGuardKeys, PrivateKeyIsClamped) {
  const std::string bytes = *from_base64(generate_wireguard_keys()->private_key.reveal());

  EXPECT_EQ(static_cast<unsigned char>(bytes.front()) & 7U, 0U);
  EXPECT_EQ(static_cast<unsigned char>(bytes.back()) & 0xC0U, 0x40U);
}

TEST(WireGuardKeys, PresharedKeyIsAKey) {
  EXPECT_TRUE(check_wireguard_key(generate_preshared_key().reveal()));
}

class BadKey : public testing::TestWithParam<const char*> {};

TEST_P(BadKey, IsRefused) { EXPECT_FALSE(check_wireguard_key(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Keys, BadKey,
                         testing::Values("", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                                         "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo",
                                         "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTm==",
                                         "hSDwCYkwp1R0i33ctD73Wg2-Og0mOBr066SpjqqbTmo=",
                                         "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmp=",
                                         "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmoA"));

}  // namespace
}  // namespace cell::crypto
