#include "http/guard.hpp"

#include <gmock/gmock.h>

#include "http/chunked.hpp"
#include "unit/http/cases.hpp"

namespace cell::http {
namespace {

class Guard : public testing::TestWithParam<test::RawCase> {};

TEST_P(Guard, JudgesTheHead) {
  std::string raw = GetParam().raw;
  if (raw.starts_with("\r\n")) raw.erase(0, 2);  // skipped before the guard sees it
  const auto outcome = read_head(raw, {});

  const auto* refusal = std::get_if<Refusal>(&outcome);
  // How long a body may be is the route's matter, not the head's.
  const int expected = GetParam().status == 413 ? 0 : GetParam().status;
  EXPECT_EQ(refusal == nullptr ? 0 : refusal->status, expected)
      << (refusal == nullptr ? "" : refusal->detail);
}

INSTANTIATE_TEST_SUITE_P(Raw, Guard, testing::ValuesIn(test::raw_cases()),
                         [](const auto& test) { return test.param.name; });

TEST(GuardTarget, DecodesPathAndQueryOnce) {
  const auto target = std::get<Target>(read_target("/api/peers/a%20b%252f?tag=x+y&q=%C3%A4&flag"));

  EXPECT_EQ(target.path, "/api/peers/a b%2f");
  EXPECT_EQ(target.query, (std::map<std::string, std::string>{{"tag", "x y"}, {"q", "ä"}, {"flag", ""}}));
}

TEST(GuardHead, KnowsWhenTheConnectionStays) {
  const auto keep = [](const std::string& raw) { return std::get<Head>(read_head(raw, {})).keep_alive; };

  EXPECT_TRUE(keep("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(keep("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n"));
  EXPECT_FALSE(keep("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_FALSE(keep("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n"));
  EXPECT_FALSE(keep("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n"));
}

TEST(Chunked, DecodesByteByByte) {
  ChunkedDecoder decoder(100);
  std::string pending;
  for (const char c : std::string("4\r\nWiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\n\r\n")) {
    pending += c;
    ASSERT_FALSE(decoder.feed(pending));
  }

  EXPECT_TRUE(decoder.done());
  EXPECT_EQ(decoder.take(), "Wikipedia in \r\n\r\nchunks.");
}

TEST(Chunked, LeavesWhatBelongsToTheNextRequest) {
  ChunkedDecoder decoder(100);
  std::string input = "1\r\na\r\n0\r\n\r\nGET /";

  ASSERT_FALSE(decoder.feed(input));

  EXPECT_TRUE(decoder.done());
  EXPECT_EQ(input, "GET /");
}

TEST(Chunked, RefusesLooseFraming) {
  for (const char* text : {"x\r\n", "-1\r\n", "0x1\r\n", "1;ext=1\r\na\r\n", "\r\n", "123456789\r\n",
                           "1\r\nab\r\n", "0\r\nTrailer: a\r\n", "111111111111111111111", "1 \r\n"}) {
    ChunkedDecoder decoder(100);
    std::string input = text;
    EXPECT_TRUE(decoder.feed(input)) << text;
  }
}

TEST(Chunked, RefusesABodyOverItsLimit) {
  ChunkedDecoder decoder(8);
  std::string input = "9\r\n";

  const auto refusal = decoder.feed(input);

  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 413);
}

}  // namespace
}  // namespace cell::http
