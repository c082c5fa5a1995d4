#include "engine/stats.hpp"

#include <gtest/gtest.h>

namespace cell::engine {
namespace {

Json stats_read_at(const std::string& time) {
  return {{"read", time}, {"cpu_stats", {{"cpu_usage", {{"total_usage", 12'345}}}}}};
}

TEST(Stats, TheTimeOfASampleIsInNanoseconds) {
  EXPECT_EQ(cpu_sample(stats_read_at("2026-11-24T00:16:23.000000007Z")).at_ns, 1'795'479'383'000'000'007);
}

TEST(Stats, ATimeThatNanosecondsCanNotHoldIsNone) {
  for (const char* time :
       {"9999-12-31T23:59:59Z", "9223372036854775807", "99999999999.5", "1.99999999999", ""}) {
    EXPECT_EQ(cpu_sample(stats_read_at(time)).at_ns, 0) << time;
  }
}

}  // namespace
}  // namespace cell::engine
