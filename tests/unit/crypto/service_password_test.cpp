#include "crypto/service_password.hpp"

#include <gmock/gmock.h>

namespace cell::crypto {
namespace {

using testing::StartsWith;

TEST(ServicePassword, EachKindChecksItsOwn) {
  const std::vector<std::pair<const char*, const char*>> kinds{
      {"bcrypt", "$2b$04$"}, {"sha512-crypt", "$6$rounds=1000$"}, {"ssha512", "{SSHA512}"}};
  for (const auto& [kind, beginning] : kinds) {
    const auto hash = hash_service_password(kind, Secret("Zebra-7"));
    ASSERT_TRUE(hash) << kind;
    EXPECT_THAT(*hash, StartsWith(beginning));
    EXPECT_TRUE(verify_service_password(Secret("Zebra-7"), *hash)) << kind;
    EXPECT_FALSE(verify_service_password(Secret("zebra-7"), *hash)) << kind;
    EXPECT_NE(*hash, *hash_service_password(kind, Secret("Zebra-7"))) << kind;
  }
  EXPECT_EQ(hash_service_password("md5", Secret("x")).error().code, Code::unsupported);
}

// From the specification of SHA-crypt, and a vector that was made by another program (openssl).
TEST(ServicePassword, TakesHashesThatOthersMade) {
  EXPECT_TRUE(verify_service_password(Secret("Hello world!"),
                                      "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/"
                                      "O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"));
  EXPECT_FALSE(verify_service_password(Secret("x"), "{SSHA512}AAAA"));
  EXPECT_FALSE(verify_service_password(Secret("x"), "nonsense"));
}

}  // namespace
}  // namespace cell::crypto
