#include "crypto/random.hpp"

#include <set>

#include <gmock/gmock.h>

namespace cell::crypto {
namespace {

TEST(Random, GivesAsManyBytesAsAskedFor) {
  EXPECT_EQ(random_bytes(0).size(), 0U);
  EXPECT_EQ(random_bytes(1000).size(), 1000U);
}

TEST(Random, TokensHave43UrlSafeCharacters) {
  EXPECT_THAT(random_token(), testing::MatchesRegex("[A-Za-z0-9_-]{43}"));
}

TEST(Random, IdsHave26LowerCaseCharacters) {
  EXPECT_THAT(random_id(), testing::MatchesRegex("[a-z2-7]{26}"));
}

TEST(Random, IdsDoNotRepeat) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(random_id());

  EXPECT_EQ(ids.size(), 1000U);
}

}  // namespace
}  // namespace cell::crypto
