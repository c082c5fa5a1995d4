#include "chrony/config.hpp"

#include <gtest/gtest.h>

namespace cell::chrony {
namespace {

TEST(ChronyConfig, IsThisWholeText) {
  EXPECT_EQ(render({{"time.example.org", "192.0.2.1", "2001:db8::1"},
                    {"172.20.0.0/16", "10.13.13.0/24", "fd00::/64"}}),
            "server time.example.org iburst\n"
            "server 192.0.2.1 iburst\n"
            "server 2001:db8::1 iburst\n"
            "allow 172.20.0.0/16\n"
            "allow 10.13.13.0/24\n"
            "allow fd00::/64\n"
            "local stratum 10\n"
            "bindcmdaddress 127.0.0.1\n"
            "bindcmdaddress ::1\n"
            "clientloglimit 1048576\n");
}

TEST(ChronyConfig, WhatIsNoServerOrSubnetAddsNothing) {
  for (const char* wrong :
       {"", "a b", "time.example.org\nallow 0/0", "-a", "a..b", "time.example.org #x", "!x", "a_b"}) {
    EXPECT_FALSE(check_server(wrong).ok()) << wrong;
    EXPECT_EQ(render({{wrong}, {}}),
              "local stratum 10\nbindcmdaddress 127.0.0.1\nbindcmdaddress ::1\nclientloglimit 1048576\n")
        << wrong;
  }
  for (const char* wrong :
       {"", "all", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8\ndeny", "fd00::/129", "x/8"}) {
    EXPECT_EQ(render({{}, {wrong}}),
              "local stratum 10\nbindcmdaddress 127.0.0.1\nbindcmdaddress ::1\nclientloglimit 1048576\n")
        << wrong;
  }
}

TEST(ChronyReport, ReadsSources) {
  const auto sources = parse_sources(
      "^,*,time.example.org,2,6,377,13,0.000012500,0.000013000,0.015000000\n"
      "^,?,192.0.2.1,0,6,0,4294967295,0.000000000,0.000000000,0.000000000\n"
      "#,-,PPS0,0,4,377,5,-0.000000100,-0.000000100,0.000000200\n"
      "^,+,b.example.org,3,6,377,20,-0.002,0.001,0.05\n");

  ASSERT_TRUE(sources.ok()) << sources.error().message;
  ASSERT_EQ(sources->size(), 4U);
  EXPECT_EQ((*sources)[0].address, "time.example.org");
  EXPECT_EQ((*sources)[0].state, "selected");
  EXPECT_EQ((*sources)[0].stratum, 2);
  EXPECT_DOUBLE_EQ((*sources)[0].offset_s, 0.0000125);
  EXPECT_EQ((*sources)[0].last_rx_s, 13);
  EXPECT_EQ((*sources)[1].state, "unreachable");
  EXPECT_EQ((*sources)[1].last_rx_s, -1);
  EXPECT_EQ((*sources)[2].state, "local");
  EXPECT_EQ((*sources)[3].state, "candidate");
}

TEST(ChronyReport, ReadsTracking) {
  const auto good = parse_tracking(
      "C0000201,192.0.2.1,3,1795478400.1,-0.000012,0.000001,0.00002,-1.5,0.001,0.02,0.03,0.0004,64.2,"
      "Normal\n");
  const auto own = parse_tracking("7F7F0101,,10,1795478400.1,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,Normal\n");
  const auto none = parse_tracking("00000000,,0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,Not synchronised\n");

  ASSERT_TRUE(good.ok() && own.ok() && none.ok());
  EXPECT_EQ(good->stratum, 3);
  EXPECT_DOUBLE_EQ(good->offset_s, -0.000012);
  EXPECT_TRUE(good->synchronised);
  EXPECT_EQ(own->stratum, 10);
  EXPECT_FALSE(own->synchronised);
  EXPECT_FALSE(none->synchronised);
}

TEST(ChronyReport, RefusesWhatIsNoReport) {
  EXPECT_FALSE(parse_tracking("").ok());
  EXPECT_FALSE(parse_tracking("506 Cannot talk to daemon\n").ok());
  EXPECT_FALSE(parse_tracking("a,b,x,d,e,f,g,h,i,j,k,l,m,n\n").ok());
  EXPECT_FALSE(parse_sources("506 Cannot talk to daemon\n").ok());
  EXPECT_FALSE(parse_sources("^,*,a,two,6,377,13,0,0,0\n").ok());
  EXPECT_TRUE(parse_sources("").value().empty());
}

}  // namespace
}  // namespace cell::chrony
