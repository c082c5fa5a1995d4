#include "crypto/encoding.hpp"

#include <gmock/gmock.h>

namespace cell::crypto {
namespace {

// RFC 4648 §10.
struct Vector {
  const char* plain;
  const char* base64;
  const char* base64url;
  const char* base32;
};

class Rfc4648 : public testing::TestWithParam<Vector> {};

TEST_P(Rfc4648, VectorsGoBothWays) {
  const Vector& vector = GetParam();

  EXPECT_EQ(to_base64(vector.plain), vector.base64);
  EXPECT_EQ(to_base64url(vector.plain), vector.base64url);
  EXPECT_EQ(to_base32(vector.plain), vector.base32);
  EXPECT_EQ(*from_base64(vector.base64), vector.plain);
  EXPECT_EQ(*from_base64url(vector.base64url), vector.plain);
  EXPECT_EQ(*from_base32(vector.base32), vector.plain);
}

INSTANTIATE_TEST_SUITE_P(Vectors, Rfc4648,
                         testing::Values(Vector{"", "", "", ""}, Vector{"f", "Zg==", "Zg", "MY"},
                                         Vector{"fo", "Zm8=", "Zm8", "MZXQ"},
                                         Vector{"foo", "Zm9v", "Zm9v", "MZXW6"},
                                         Vector{"foob", "Zm9vYg==", "Zm9vYg", "MZXW6YQ"},
                                         Vector{"fooba", "Zm9vYmE=", "Zm9vYmE", "MZXW6YTB"},
                                         Vector{"foobar", "Zm9vYmFy", "Zm9vYmFy", "MZXW6YTBOI"}));

class Base64Refuses : public testing::TestWithParam<const char*> {};

TEST_P(Base64Refuses, WhatNoEncoderWrites) { EXPECT_FALSE(from_base64(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Texts, Base64Refuses,
                         testing::Values("Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", "Zm 9",
                                         "Z===", "====", "Zm-_", "=Zg="));

TEST(Encoding, WritesHexInLowerCase) { EXPECT_EQ(to_hex(std::string("\x00\xff\x10", 3)), "00ff10"); }

TEST(Encoding, UrlFormUsesTheOtherTwoCharacters) {
  EXPECT_EQ(to_base64("\xfb\xff"), "+/8=");
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
  EXPECT_FALSE(from_base64url("+/8"));
  EXPECT_FALSE(from_base64url("-_8="));
}

}  // namespace
}  // namespace cell::crypto
