#include <gtest/gtest.h>

#include "coredns/zone.hpp"

namespace cell::coredns {
namespace {

struct Good {
  std::string name, type, value;
};
class GoodRecords : public testing::TestWithParam<Good> {};
TEST_P(GoodRecords, AreTaken) {
  const auto outcome = check_record({GetParam().name, GetParam().type, GetParam().value});
  EXPECT_TRUE(outcome.ok()) << GetParam().name << " " << GetParam().type << ": "
                            << (outcome ? "" : outcome.error().message);
}
INSTANTIATE_TEST_SUITE_P(
    Table, GoodRecords,
    testing::Values(Good{"nas", "A", "192.0.2.7"}, Good{"@", "A", "192.0.2.7"}, Good{"*", "A", "192.0.2.7"},
                    Good{"*.dev", "AAAA", "2001:db8::7"}, Good{"a.b.c", "CNAME", "nas.example.org."},
                    Good{"www", "CNAME", "nas"}, Good{"_acme-challenge.x", "CNAME", "_x.acme.example"},
                    Good{"@", "TXT", "v=spf1 -all"}, Good{"_dmarc", "TXT", "v=DMARC1; p=none"},
                    Good{"t", "TXT", "grüße \"quoted\" \\ ; $ORIGIN ☃"}, Good{"@", "MX", "10 mail.example"},
                    Good{"@", "MX", "0 ."}, Good{"_sip._tcp", "SRV", "0 5 443 host"},
                    Good{"NAS-2", "A", "10.0.0.1"}, Good{std::string(63, 'a'), "A", "10.0.0.1"}));

struct Bad {
  std::string title, name, type, value, pointer;
  std::uint32_t ttl = 300;
};
class BadRecords : public testing::TestWithParam<Bad> {};
TEST_P(BadRecords, AreRefusedAtTheRightField) {
  const auto outcome = check_record({GetParam().name, GetParam().type, GetParam().value, GetParam().ttl});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Code::invalid_argument);
  ASSERT_EQ(outcome.error().fields.size(), 1U);
  EXPECT_EQ(outcome.error().fields[0].pointer, GetParam().pointer);
}
INSTANTIATE_TEST_SUITE_P(Table, BadRecords,
                         testing::Values(Bad{"UnknownType", "a", "NS", "x", "/type"},
                                         Bad{"LowerCaseType", "a", "a", "192.0.2.1", "/type"},
                                         Bad{"ShortAddress", "a", "A", "192.0.2", "/value"},
                                         Bad{"AddressOutOfRange", "a", "A", "192.0.2.256", "/value"},
                                         Bad{"LeadingZero", "a", "A", "192.0.02.1", "/value"},
                                         Bad{"Ipv6InA", "a", "A", "::1", "/value"},
                                         Bad{"Ipv4InAaaa", "a", "AAAA", "192.0.2.1", "/value"},
                                         Bad{"ZoneInAaaa", "a", "AAAA", "fe80::1%eth0", "/value"},
                                         Bad{"AddressWithLine", "a", "A", "192.0.2.1\nb A 1.1.1.1", "/value"},
                                         Bad{"AddressWithNul", "a", "A", std::string("192.0.2.1\0x", 11),
                                             "/value"},
                                         Bad{"CnameAtApex", "@", "CNAME", "x.example", "/name"},
                                         Bad{"CnameWithSpace", "a", "CNAME", "x y", "/value"},
                                         Bad{"CnameWithSemicolon", "a", "CNAME", "x;y", "/value"},
                                         Bad{"MxWithoutNumber", "@", "MX", "mail.example", "/value"},
                                         Bad{"MxTooBig", "@", "MX", "65536 mail.example", "/value"},
                                         Bad{"MxExtraWord", "@", "MX", "10 a b", "/value"},
                                         Bad{"SrvShort", "_a._tcp", "SRV", "0 5 host", "/value"},
                                         Bad{"SrvNegative", "_a._tcp", "SRV", "0 -5 443 host", "/value"},
                                         Bad{"EmptyText", "a", "TXT", "", "/value"},
                                         Bad{"TextWithLine", "a", "TXT", "a\nb", "/value"},
                                         Bad{"TextWithC1", "a", "TXT", "a\xc2\x85z", "/value"},
                                         Bad{"TextNotUtf8", "a", "TXT", "a\xffz", "/value"},
                                         Bad{"TextCutUtf8", "a", "TXT", "a\xe2\x98", "/value"},
                                         Bad{"TextTooLong", "a", "TXT", std::string(4001, 'x'), "/value"},
                                         Bad{"EmptyName", "", "A", "192.0.2.1", "/name"},
                                         Bad{"LongLabel", std::string(64, 'a'), "A", "192.0.2.1", "/name"},
                                         Bad{"AbsoluteName", "a.", "A", "192.0.2.1", "/name"},
                                         Bad{"EmptyLabel", "a..b", "A", "192.0.2.1", "/name"},
                                         Bad{"HyphenFirst", "-a", "A", "192.0.2.1", "/name"},
                                         Bad{"UnderscoreInA", "_a", "A", "192.0.2.1", "/name"},
                                         Bad{"StarInside", "a.*.b", "A", "192.0.2.1", "/name"},
                                         Bad{"StarGlued", "*a", "A", "192.0.2.1", "/name"},
                                         Bad{"NameWithDollar", "$ORIGIN", "A", "192.0.2.1", "/name"},
                                         Bad{"NameWithLine", "a\nb", "A", "192.0.2.1", "/name"},
                                         Bad{"NameNotAscii", "grüße", "A", "192.0.2.1", "/name"},
                                         Bad{"TtlTooLong", "a", "A", "192.0.2.1", "/ttl", 604801}),
                         [](const auto& test) { return test.param.title; });

}  // namespace
}  // namespace cell::coredns
