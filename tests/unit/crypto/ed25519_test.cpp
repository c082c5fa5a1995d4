#include "crypto/ed25519.hpp"

#include <gmock/gmock.h>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace cell::crypto {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

// RFC 8032 §7.1, test 2.
constexpr const char* kPrivate = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr const char* kPublic = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr const char* kSignature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(Ed25519, MatchesRfc8032) {
  const Secret private_key(to_base64(from_hex(kPrivate)));

  EXPECT_EQ(*signing_public_key(private_key), to_base64(from_hex(kPublic)));
  EXPECT_EQ(to_hex(*sign(private_key, "\x72")), kSignature);
  EXPECT_TRUE(verify(to_base64(from_hex(kPublic)), "\x72", from_hex(kSignature)));
}

TEST(Ed25519, SignatureOfSomethingElseIsRefused) {
  const auto verdict = verify(to_base64(from_hex(kPublic)), "\x73", from_hex(kSignature));

  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, Code::forbidden);
  EXPECT_EQ(verdict.error().reason, "signature");
}

TEST(Ed25519, EachFlippedBitOfTheSignatureIsRefused) {
  const std::string good = from_hex(kSignature);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));

    EXPECT_FALSE(verify(to_base64(from_hex(kPublic)), "\x72", bad)) << bit;
  }
}

TEST(Ed25519, AnotherKeyIsRefused) {
  const auto keys = generate_signing_keys();

  EXPECT_FALSE(verify(keys->public_key, "\x72", from_hex(kSignature)));
}

TEST(Ed25519, KeyIsNamedByItsHash) { EXPECT_EQ(*key_id(to_base64(from_hex(kPublic))), "39f713d0a644253f"); }

TEST(Ed25519, TextThatIsNoKeyIsRefused) {
  for (const char* text : {"", "AAAA", "not base64 at all, but 44 characters long!!!"}) {
    EXPECT_FALSE(verify(text, "x", from_hex(kSignature))) << text;
    EXPECT_FALSE(sign(Secret(text), "x")) << text;
    EXPECT_FALSE(key_id(text)) << text;
  }
}

TEST(Sha256, OfPiecesIsThatOfTheWhole) {
  Sha256 digest;
  digest.add("ab");
  digest.add("");
  digest.add("c");

  EXPECT_EQ(to_hex(digest.finish()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace cell::crypto
