#include "crypto/key_pair.hpp"

#include <gmock/gmock.h>

#include "base/process.hpp"

namespace cell::crypto {
namespace {

TEST(KeyPair, ThePublicHalfBelongsToThePrivateOne) {
  for (const char* kind : {"rsa-2048", "ed25519"}) {
    const auto pair = make_key_pair(kind);
    ASSERT_TRUE(pair) << kind;
    EXPECT_THAT(std::string(pair->private_pem.reveal()),
                testing::StartsWith("-----BEGIN PRIVATE KEY-----\n"));
    const auto derived = run_checked({"openssl", "pkey", "-pubout", "-outform", "DER"},
                                     std::chrono::seconds{10}, pair->private_pem.reveal());
    ASSERT_TRUE(derived) << derived.error().message;
    EXPECT_EQ(*derived, pair->public_der) << kind;
  }
  EXPECT_EQ(make_key_pair("dsa").error().code, Code::unsupported);
}

}  // namespace
}  // namespace cell::crypto
