#include "domain/peers/diagnosis.hpp"

#include <gtest/gtest.h>

namespace cell::peers {
namespace {

Observed good() {
  Observed seen;
  seen.now = from_unix(1'800'000'000);
  seen.live = {State::online, 1'799'999'990, "192.0.2.7:40000", 0, 0, 50'000, 60'000};
  seen.hub.looked = true;
  seen.hub.status = hub::Status{true, "kernel", {}, "abc", "1", {}, {}};
  seen.endpoint_host = "home.example.org";
  seen.resolver = "10.13.13.1";
  seen.dns_answers = true;
  return seen;
}

std::string states(const Observed& seen) {
  std::string all;
  for (const auto& step : diagnose(seen)) all += step.id + "=" + step.state + " ";
  return all;
}

TEST(Diagnosis, EverythingIsWell) {
  EXPECT_EQ(states(good()), "handshake=ok port=ok route=ok dns=ok ");
  EXPECT_EQ(diagnose(good())[0].detail, "the last handshake was 10 s ago from 192.0.2.7:40000");
}

TEST(Diagnosis, NeverHeardOf) {
  Observed seen = good();
  seen.live = {};
  EXPECT_EQ(states(seen), "handshake=problem port=unknown route=unknown dns=unknown ");
  EXPECT_NE(diagnose(seen)[1].fix.find("home.example.org"), std::string::npos);
  seen.endpoint_host.clear();
  EXPECT_EQ(states(seen), "handshake=problem port=problem route=unknown dns=unknown ");
}

TEST(Diagnosis, HubDown) {
  Observed seen = good();
  seen.live.state = State::idle;
  seen.hub.status = std::nullopt;
  seen.hub.problem = "the hub's agent is not there";
  EXPECT_EQ(states(seen), "handshake=problem port=problem route=unknown dns=unknown ");
  EXPECT_NE(diagnose(seen)[0].detail.find("the hub's agent is not there"), std::string::npos);
}

TEST(Diagnosis, DeviceThatNeedsANewKey) {
  Observed seen = good();
  seen.live = {};
  seen.needs_new_key = true;
  EXPECT_EQ(diagnose(seen)[0].state, "problem");
  EXPECT_EQ(diagnose(seen)[0].fix, "give the device a new key and import its new configuration");
}

TEST(Diagnosis, SwitchedOffExpiredAndLongSilent) {
  Observed seen = good();
  seen.live.state = State::disabled;
  EXPECT_EQ(diagnose(seen)[0].fix, "switch it on");
  seen.live.state = State::expired;
  EXPECT_EQ(diagnose(seen)[0].fix, "give it a later end");
  seen.live.state = State::idle;
  seen.live.last_handshake = 1'799'990'000;
  EXPECT_EQ(diagnose(seen)[0].detail, "the last handshake was 2 h ago from 192.0.2.7:40000");
  EXPECT_EQ(diagnose(seen)[0].state, "problem");
  EXPECT_EQ(diagnose(seen)[1].state, "ok") << "it did reach the port";
}

TEST(Diagnosis, RouteIsJudgedByTrafficAndPolicy) {
  Observed seen = good();
  seen.live.rx_bytes = seen.live.tx_bytes = 300;
  EXPECT_EQ(diagnose(seen)[2].state, "unknown");
  seen.live.rx_bytes = 10'000;
  EXPECT_EQ(diagnose(seen)[2].state, "problem");
  seen.peer.policy = {false, false, false, false};
  seen.live.tx_bytes = 10'000;
  EXPECT_EQ(diagnose(seen)[2].state, "problem");
}

TEST(Diagnosis, DnsIsOnlyWhatWasLookedAt) {
  Observed seen = good();
  seen.dns_answers = std::nullopt;
  EXPECT_EQ(diagnose(seen)[3].state, "unknown");
  seen.dns_answers = false;
  EXPECT_EQ(diagnose(seen)[3].state, "problem");
}

}  // namespace
}  // namespace cell::peers
