#include "wireguard/address.hpp"

#include <gtest/gtest.h>

namespace cell::wireguard {
namespace {

Address address(const char* text) { return parse_address(text).value(); }
Subnet subnet(const char* text) { return parse_subnet(text).value(); }

TEST(Address, WritesTheShortestForm) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"10.13.13.2", "10.13.13.2"},
      {"fd00:0:0:0:0:0:0:2", "fd00::2"},
      {"FD00::00Ab", "fd00::ab"},
      {"2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"},
      {"::", "::"},
  };
  for (const auto& [text, shortest] : cases) EXPECT_EQ(to_string(address(text)), shortest) << text;
}

TEST(Address, RefusesWhatIsNotOne) {
  for (const auto* text : {"", "10.13.13", "10.13.13.256", "010.1.1.1", "10.1.1.1 ", " 10.1.1.1",
                           "fe80::1%eth0", "1::2::3", "10.13.13.2/32", "host", "0x0a.1.1.1",
                           ":::", "12345::", "fd00:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"}) {
    const auto result = parse_address(text);
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error().code, Code::invalid_argument) << text;
  }
  EXPECT_FALSE(parse_address(std::string_view("10.1.1.1\0", 9)).ok());
}

TEST(Subnet, NamesTheRightBaseWhenHostBitsAreSet) {
  const auto result = parse_subnet("10.13.13.5/24");

  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message, "'10.13.13.5/24' has host bits set");
  EXPECT_EQ(result.error().hint, "use 10.13.13.0/24");
}

TEST(Subnet, RefusesWhatIsNotOne) {
  for (const auto* text : {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/", "fd00::/129",
                           "/24", "10.0.0.0/24/24", "10.0.0.0/2x"}) {
    EXPECT_FALSE(parse_subnet(text).ok()) << text;
  }
}

TEST(Subnet, ContainsItsOwnFamilyOnly) {
  EXPECT_TRUE(contains(subnet("10.13.13.0/24"), address("10.13.13.255")));
  EXPECT_FALSE(contains(subnet("10.13.13.0/24"), address("10.13.14.0")));
  EXPECT_TRUE(contains(subnet("10.13.8.0/21"), address("10.13.15.1")));
  EXPECT_FALSE(contains(subnet("0.0.0.0/0"), address("fd00::1")));
  EXPECT_TRUE(contains(subnet("fd00::/9"), address("fd7f::1")));
  EXPECT_FALSE(contains(subnet("fd00::/9"), address("fd80::1")));
}

TEST(Subnet, OverlapsWhenOneHoldsTheOther) {
  EXPECT_TRUE(overlaps(subnet("10.0.0.0/8"), subnet("10.13.13.0/24")));
  EXPECT_TRUE(overlaps(subnet("10.13.13.0/24"), subnet("10.0.0.0/8")));
  EXPECT_FALSE(overlaps(subnet("10.13.12.0/24"), subnet("10.13.13.0/24")));
  EXPECT_FALSE(overlaps(subnet("0.0.0.0/0"), subnet("::/0")));
}

TEST(Subnet, CountsAddressesFromTheBase) {
  EXPECT_EQ(to_string(*nth(subnet("10.13.13.0/24"), 1)), "10.13.13.1");
  EXPECT_EQ(to_string(*nth(subnet("10.13.0.0/16"), 258)), "10.13.1.2");
  EXPECT_EQ(nth(subnet("10.13.13.0/24"), 256), std::nullopt);
  EXPECT_EQ(to_string(*nth(subnet("10.13.13.7/32"), 0)), "10.13.13.7");
  EXPECT_EQ(nth(subnet("10.13.13.7/32"), 1), std::nullopt);
  EXPECT_EQ(to_string(*nth(subnet("fd00::/64"), 0xFFFFFFFFFFFFFFFFULL)), "fd00::ffff:ffff:ffff:ffff");
}

TEST(Subnet, FirstFreeLeavesOutHubUsedAndBroadcast) {
  EXPECT_EQ(to_string(*first_free(subnet("10.13.13.0/24"), {})), "10.13.13.2");
  EXPECT_EQ(to_string(*first_free(subnet("10.13.13.0/24"), {address("10.13.13.2"), address("10.13.13.4")})),
            "10.13.13.3");
  EXPECT_EQ(to_string(*first_free(subnet("fd00::/64"), {address("fd00::2")})), "fd00::3");
  EXPECT_EQ(first_free(subnet("10.13.13.0/30"), {address("10.13.13.2")}), std::nullopt);
  EXPECT_EQ(first_free(subnet("10.13.13.0/31"), {}), std::nullopt);
}

}  // namespace
}  // namespace cell::wireguard
