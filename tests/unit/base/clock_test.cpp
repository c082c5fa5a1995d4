#include "base/clock.hpp"

#include <gmock/gmock.h>

namespace cell {
namespace {

struct Case {
  const char* name;
  const char* text;
  std::int64_t unix_seconds;
};

class ParseTime : public testing::TestWithParam<Case> {};

TEST_P(ParseTime, ReadsRfc3339) {
  const auto time = parse_time(GetParam().text);

  ASSERT_TRUE(time) << time.error().message;
  EXPECT_EQ(to_unix(*time), GetParam().unix_seconds);
}

INSTANTIATE_TEST_SUITE_P(Forms, ParseTime,
                         testing::Values(Case{"utc", "2026-11-24T00:16:23Z", 1795479383},
                                         Case{"offset", "2026-11-24T02:16:23+02:00", 1795479383},
                                         Case{"west", "2026-11-23T19:16:23-05:00", 1795479383},
                                         Case{"fraction", "2026-11-24T00:16:23.250Z", 1795479383},
                                         Case{"leap_day", "2024-02-29T00:00:00Z", 1709164800}),
                         [](const auto& test) { return test.param.name; });

TEST(ParseTime, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "now", "2026-11-24", "2026-11-24T00:16:23", "2026-02-30T00:00:00Z", "2026-11-24T24:00:00Z",
        "2026-11-24T00:16:23.Z", "2026-11-24T00:16:23+2:00", "2026-11-24 00:16:23Z"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(ParseTime, RefusesYearsThatItWouldWrapToOthers) {
  for (const char* text : {"0001-01-01T00:00:00Z", "1677-12-31T23:59:59Z", "2262-01-01T00:00:00Z",
                           "2640-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
  EXPECT_EQ(to_unix(parse_time("2261-12-31T23:59:59Z").value()), 9214646399);
  EXPECT_EQ(to_unix(parse_time("2038-01-19T03:14:08Z").value()), 2147483648);
}

TEST(FormatTime, WritesUtcWithSecondsOrMilliseconds) {
  const TimePoint time = from_unix(1795479383) + std::chrono::milliseconds{7};

  EXPECT_EQ(format_time(time), "2026-11-24T00:16:23Z");
  EXPECT_EQ(format_time_ms(time), "2026-11-24T00:16:23.007Z");
}

}  // namespace
}  // namespace cell
