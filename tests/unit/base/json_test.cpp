#include "base/json.hpp"

#include <gmock/gmock.h>

namespace cell {
namespace {

struct Accepted {
  const char* name;
  const char* text;
  const char* dumped;
};

class JsonAccepts : public testing::TestWithParam<Accepted> {};

TEST_P(JsonAccepts, AndWritesBackSorted) {
  const auto parsed = parse_json(GetParam().text);

  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(dump_json(*parsed), GetParam().dumped);
}

INSTANTIATE_TEST_SUITE_P(
    Documents, JsonAccepts,
    testing::Values(Accepted{"object", R"({"b":1,"a":[true,null]})", R"({"a":[true,null],"b":1})"},
                    Accepted{"scalar", " 17 ", "17"}, Accepted{"string", R"("caf\u00e9")", "\"café\""},
                    Accepted{"surrogate_pair", R"(["\ud83d\ude00"])", "[\"😀\"]"},
                    Accepted{"large_integer", "[9223372036854775807]", "[9223372036854775807]"},
                    Accepted{"largest_unsigned", "[18446744073709551615]", "[18446744073709551615]"},
                    Accepted{"smallest_integer", "[-9223372036854775808]", "[-9223372036854775808]"},
                    Accepted{"negative", "[-3]", "[-3]"}, Accepted{"decimal", "[1.5]", "[1.5]"},
                    Accepted{"empty", "{}", "{}"}),
    [](const auto& test) { return test.param.name; });

struct Refused {
  const char* name;
  std::string text;
  const char* part_of_message;
};

class JsonRefuses : public testing::TestWithParam<Refused> {};

TEST_P(JsonRefuses, WithTheReason) {
  const auto parsed = parse_json(GetParam().text);

  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, testing::HasSubstr(GetParam().part_of_message));
}

INSTANTIATE_TEST_SUITE_P(
    Documents, JsonRefuses,
    testing::Values(Refused{"nothing", "", "empty"}, Refused{"comment", "{/*x*/}", "not valid JSON"},
                    Refused{"trailing_bytes", "{} x", "not valid JSON"},
                    Refused{"trailing_comma", "[1,]", "not valid JSON"},
                    Refused{"nan", "[NaN]", "not valid JSON"}, Refused{"half", R"({"a":)", "not valid JSON"},
                    Refused{"repeated_member", R"({"a":1,"a":2})", "'a' stands there twice"},
                    Refused{"overflow", "[1e999]", "the number 1e999 is too large"},
                    Refused{"integer_over_64_bits", "[18446744073709551616]", "is too large"},
                    Refused{"integer_under_64_bits", "[-9223372036854775809]", "is too large"},
                    Refused{"place_of_a_mistake", "[1,2,x]", "at byte 6"},
                    Refused{"byte_order_mark", "\xEF\xBB\xBF{}", "byte order mark"},
                    Refused{"nul", R"(["a\u0000b"])", "U+0000"},
                    Refused{"nul_in_name", R"({"a\u0000":1})", "U+0000"},
                    Refused{"lone_surrogate", R"(["\ud800"])", "not valid JSON"},
                    Refused{"bad_utf8", "[\"\xff\"]", "not valid JSON"},
                    Refused{"deep", std::string(65, '[') + std::string(65, ']'), "nested too deeply"},
                    Refused{"very_deep", std::string(100000, '['), "nested too deeply"}),
    [](const auto& test) { return test.param.name; });

TEST(Json, NamesThePlaceOfARepeatedMember) {
  const auto parsed = parse_json(R"({"peers":[{"x":1},{"y":1,"y":2}]})");

  ASSERT_FALSE(parsed);
  ASSERT_EQ(parsed.error().fields.size(), 1U);
  EXPECT_EQ(parsed.error().fields[0].pointer, "/peers/1/y");
}

TEST(Json, RefusesATextOverItsLimit) {
  const auto parsed = parse_json("[1,2,3,4]", {.max_bytes = 8});

  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Code::too_large);
}

TEST(Json, RefusesMoreValuesThanItsLimit) {
  const auto parsed = parse_json("[1,2,3,4]", {.max_values = 3});

  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Code::too_large);
}

TEST(Json, ReadsEveryNaughtyStringBack) {
  const std::vector<std::string> strings{"",
                                         "undefined",
                                         "\\",
                                         "\\\\",
                                         "1/0",
                                         "\"",
                                         "'",
                                         "`",
                                         "\xEF\xBB\xBF",
                                         "﷽",
                                         "Ω≈ç√∫˜µ≤≥÷",
                                         "田中さんにあげて下さい",
                                         "👾 🙇",
                                         "̡͓̞ͅI̗̘̦͝n͇͇͙v̮̫ok̲̫̙͈i̖͙̭̹̠̞n̡̻̮̣̺g",
                                         "\u202Etest\u202E",
                                         "<script>alert(1)</script>",
                                         "$(touch /x)",
                                         "../../etc/passwd",
                                         "\x7f",
                                         "\x01\x02\t\n\r",
                                         "%s%n",
                                         "{0}",
                                         "''';!--\"<XSS>=&{()}"};
  for (const std::string& text : strings) {
    const auto parsed = parse_json(dump_json(Json{{"text", text}}));

    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(json_string(*parsed, "text"), text);
  }
}

TEST(Json, TypedReadersFallBackOnOtherTypes) {
  const Json object{{"text", "12"}, {"number", 12}};

  EXPECT_EQ(json_int(object, "text", 7), 7);
  EXPECT_EQ(json_string(object, "number", "none"), "none");
  EXPECT_FALSE(json_bool(object, "text"));
  EXPECT_TRUE(json_member(object, "text").is_null());
}

TEST(Json, PointerEscapesSlashAndTilde) { EXPECT_EQ(pointer_append("/a", "b/c~d"), "/a/b~1c~0d"); }

}  // namespace
}  // namespace cell
