#include <string>

#include <cell/json.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

TEST(ParseJson, TakesOneDocument) {
  EXPECT_EQ(*parse_json(R"({"b": [1, true, null], "a": "x"})"),
            Json({{"a", "x"}, {"b", {1, true, nullptr}}}));
}

TEST(ParseJson, RefusesWhatIsNoDocument) {
  for (const char* text : {"", " ", "{", "{}x", "{\"a\":}", "// x\n1", "NaN", "\"\xFF\"", "\"\n\""})
    EXPECT_EQ(parse_json(text).error().code, Code::invalid_argument) << text;
}

TEST(ParseJson, RefusesDepthAndLengthBeyondTheLimits) {
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(parse_json(std::string(65, '[') + std::string(65, ']')));
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
  EXPECT_TRUE(parse_json('"' + std::string(1000, '[') + '"'));
  EXPECT_EQ(parse_json('"' + std::string(kMaxDocumentBytes, 'a') + '"').error().code, Code::too_large);
}

TEST(DumpJson, SortsMembersAndReplacesBadBytes) {
  EXPECT_EQ(dump_json({{"b", 1}, {"a", "\xFF"}}), "{\"a\":\"\uFFFD\",\"b\":1}");
}

TEST(PointerAppend, EscapesSlashAndTilde) { EXPECT_EQ(pointer_append("/a", "b/c~d"), "/a/b~1c~0d"); }

TEST(CodeNames, GoThereAndBack) {
  EXPECT_EQ(to_string(Code::precondition_failed), "precondition_failed");
  EXPECT_EQ(code_of("rate_limited"), Code::rate_limited);
  EXPECT_EQ(code_of("no such code"), Code::internal);
}

}  // namespace
}  // namespace cell::sdk
