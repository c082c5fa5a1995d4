#include "domain/store/index.hpp"

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "crypto/ed25519.hpp"
#include "plugin/signature.hpp"

namespace cell::store {
namespace {

const std::string kText =
    R"({"schema": 1, "name": "Test", "version": 7, "expires": "2027-01-01T00:00:00Z", "packages": [
  {"id": "org.example.notes", "version": "1.0.0", "file": "notes.cellpkg", "size_bytes": 10,
   "sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
   "manifest_sha256": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "architectures": ["amd64"]}]})";

class IndexTest : public testing::Test {
 protected:
  crypto::SigningKeys keys_ = *crypto::generate_signing_keys();
  IndexKey key_{keys_.public_key, *crypto::key_id(keys_.public_key)};
  std::string signature_ = *plugin::make_signature(kText, keys_.private_key);
};

TEST_F(IndexTest, IsReadWhenItsKeySignedIt) {
  const auto index = read_index(kText, signature_, key_);

  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(index->version, 7);
  EXPECT_EQ(format_time(index->expires), "2027-01-01T00:00:00Z");
  EXPECT_EQ(index->packages[0].file, "notes.cellpkg");
  EXPECT_THAT(index->packages[0].architectures, testing::ElementsAre("amd64"));
}

TEST_F(IndexTest, EveryFlippedBitIsNoticed) {
  for (std::size_t at = 0; at < kText.size(); at += 7) {
    std::string text = kText;
    text[at] = static_cast<char>(text[at] ^ 1);
    const auto index = read_index(text, signature_, key_);
    ASSERT_FALSE(index) << at;
    EXPECT_EQ(index.error().code, Code::forbidden) << at;
  }
}

TEST_F(IndexTest, AnotherKeyIsRefused) {
  const auto other = *crypto::generate_signing_keys();
  const auto signature = *plugin::make_signature(kText, other.private_key);

  EXPECT_EQ(read_index(kText, signature, key_).error().reason, "key");
  EXPECT_FALSE(read_index(kText, signature, {other.public_key, key_.key_id}));
  EXPECT_FALSE(read_index(kText, signature_.substr(0, 40), key_));
}

TEST_F(IndexTest, WhatIsSignedMustBeAnIndex) {
  const std::string text =
      R"({"schema": 1, "name": "Test", "version": 0, "expires": "soon", "packages": [], "x": 1})";

  const auto index = read_index(text, *plugin::make_signature(text, keys_.private_key), key_);

  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().code, Code::invalid_argument);
}

struct Fresh {
  const char* what;
  SeenIndex seen;
  const char* now;
  const char* reason;  // empty: it is fresh
};

TEST(IndexAge, RollbackAndFreezeAreRefused) {
  Index index;
  index.version = 7;
  index.expires = *parse_time("2027-01-01T00:00:00Z");
  const char* const kNow = "2026-11-25T00:00:00Z";
  for (const Fresh& row :
       {Fresh{"new", {}, kNow, ""}, Fresh{"again", {7, "aa"}, kNow, ""}, Fresh{"newer", {6, "bb"}, kNow, ""},
        Fresh{"older", {8, "bb"}, kNow, "rolled_back"}, Fresh{"other bytes", {7, "bb"}, kNow, "changed"},
        Fresh{"expired", {7, "aa"}, "2027-01-01T00:00:00Z", "expired"}}) {
    const auto fresh = check_fresh(index, "aa", row.seen, *parse_time(row.now));
    EXPECT_EQ(fresh ? "" : fresh.error().reason, row.reason) << row.what;
  }
}

TEST(Publishers, SignForTheirOwnIdsOnly) {
  EXPECT_TRUE(may_publish({"org.example"}, "org.example"));
  EXPECT_TRUE(may_publish({"org.example"}, "org.example.notes"));
  EXPECT_FALSE(may_publish({"org.example"}, "org.examples.notes"));
  EXPECT_FALSE(may_publish({"org.example"}, "com.example.notes"));
  EXPECT_TRUE(may_publish({}, "com.example.notes"));
  EXPECT_FALSE(may_publish({}, "calendar"));
  EXPECT_FALSE(may_publish({"calendar"}, "calendar"));
}

}  // namespace
}  // namespace cell::store
