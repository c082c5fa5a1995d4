#include "coredns/reverse.hpp"

#include <gmock/gmock.h>

namespace cell::coredns {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ReverseName, OfAnAddressIsTheAddressBackwards) {
  EXPECT_EQ(reverse_name("10.13.13.2"), "2.13.13.10.in-addr.arpa");
  EXPECT_EQ(reverse_name("fd12:3456:789a:1::2"),
            "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa");
  for (const char* none : {"", "10.13.13", "10.13.13.2/24", "x", "fd00::g"})
    EXPECT_EQ(reverse_name(none), "");
}

TEST(ReverseZones, EndAtWholeLabels) {
  EXPECT_THAT(reverse_zones("10.13.13.0/24"), ElementsAre("13.13.10.in-addr.arpa"));
  EXPECT_THAT(reverse_zones("10.0.0.0/8"), ElementsAre("10.in-addr.arpa"));
  EXPECT_THAT(reverse_zones("fd12:3456:789a:1::/64"),
              ElementsAre("1.0.0.0.a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa"));
}

TEST(ReverseZones, AreSeveralForASubnetThatDoesNot) {
  EXPECT_THAT(reverse_zones("10.13.8.0/22"), ElementsAre("8.13.10.in-addr.arpa", "9.13.10.in-addr.arpa",
                                                         "10.13.10.in-addr.arpa", "11.13.10.in-addr.arpa"));
  EXPECT_THAT(reverse_zones("fd00::/7"), ElementsAre("c.f.ip6.arpa", "d.f.ip6.arpa"));
  EXPECT_THAT(reverse_zones("10.0.0.0/9"), SizeIs(128));
}

TEST(ReverseZones, AreOneForASubnetSmallerThanAZone) {
  EXPECT_THAT(reverse_zones("10.13.13.128/30"), ElementsAre("13.13.10.in-addr.arpa"));
  EXPECT_THAT(reverse_zones("fd00::/127"),
              ElementsAre("0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa"));
}

TEST(ReverseZones, OfWhatIsNoSubnetAreNone) {
  for (const char* none : {"", "10.13.13.0", "10.13.13.0/", "10.13.13.0/33", "fd00::/129", "0.0.0.0/0",
                           "x/24", "10.13.13.0/2x", "10.13.13.0/-1"})
    EXPECT_THAT(reverse_zones(none), IsEmpty()) << none;
}

TEST(ReverseZone, LeavesOutWhatBelongsElsewhereOrIsNoName) {
  const std::string zone = render_reverse_zone("13.13.10.in-addr.arpa", "home.cell",
                                               {{"10.13.13.2", "Phone.home.cell"},
                                                {"10.13.14.3", "tv.home.cell"},
                                                {"10.13.13.4", "bad name\n@ IN A 1.2.3.4"},
                                                {"x", "x.home.cell"}});

  EXPECT_EQ(zone.substr(zone.find("@ 300 IN NS")),
            "@ 300 IN NS ns.home.cell.\n2 60 IN PTR phone.home.cell.\n");
}

}  // namespace
}  // namespace cell::coredns
