#include "base/yaml.hpp"

#include <gmock/gmock.h>

namespace cell {
namespace {

struct Accepted {
  const char* name;
  const char* text;
  const char* json;
};

class YamlAccepts : public testing::TestWithParam<Accepted> {};

TEST_P(YamlAccepts, AsJson) {
  const auto parsed = parse_yaml(GetParam().text);

  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(dump_json(*parsed), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Documents, YamlAccepts,
    testing::Values(
        Accepted{"manifest", "id: dns\nports:\n  - {port: 53, udp: true}\n",
                 R"({"id":"dns","ports":[{"port":53,"udp":true}]})"},
        Accepted{"numbers", "[0, -17, 1.5, -0.25, 18446744073709551615]",
                 "[0,-17,1.5,-0.25,18446744073709551615]"},
        Accepted{"text_that_yaml_1_1_reads_otherwise",
                 "[yes, no, on, 010, 0x1F, 1_000, 12:30:00, 2026-11-24, .5, 1., +1, .nan]",
                 R"(["yes","no","on","010","0x1F","1_000","12:30:00","2026-11-24",".5","1.","+1",".nan"])"},
        Accepted{"quoted_scalars", R"(["1", 'true', "null", ""])", R"(["1","true","null",""])"},
        Accepted{"nulls", "a: ~\nb: null\nc:\n", R"({"a":null,"b":null,"c":null})"},
        Accepted{"integer_too_large_for_64_bits", "[99999999999999999999]", R"(["99999999999999999999"])"},
        Accepted{"keys_are_text", "1: a\nyes: b\n", R"({"1":"a","yes":"b"})"},
        Accepted{"block_text", "a: |\n  x\n  y\n", R"({"a":"x\ny\n"})"},
        Accepted{"scalar", "hello", "\"hello\""},
        Accepted{"document_markers", "---\na: 1\n...\n", R"({"a":1})"}),
    [](const auto& test) { return test.param.name; });

struct Refused {
  const char* name;
  std::string text;
  const char* part_of_message;
};

class YamlRefuses : public testing::TestWithParam<Refused> {};

TEST_P(YamlRefuses, WithLineAndReason) {
  const auto parsed = parse_yaml(GetParam().text);

  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, testing::HasSubstr(GetParam().part_of_message));
}

std::string many_items() {
  std::string text;
  for (int i = 0; i < 10'001; ++i) text += "- 1\n";
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Documents, YamlRefuses,
    testing::Values(Refused{"nothing", "", "empty"}, Refused{"anchor", "a: &x 1\n", "line 1: anchors"},
                    Refused{"alias", "a: &x [1]\nb: *x\n", "anchors"},
                    Refused{"self_reference", "&x [*x]", "anchors"},
                    Refused{"merge_key", "<<: {a: 1}\n", "merging"}, Refused{"tag", "a: !!str 1\n", "tag"},
                    Refused{"own_tag", "a: !secret x\n", "tag '!secret'"},
                    Refused{"repeated_key", "a: 1\nb: 2\na: 3\n", "line 3: the key 'a' stands there twice"},
                    Refused{"second_document", "a: 1\n---\nb: 2\n", "second document"},
                    Refused{"list_as_key", "? [a]\n: 1\n", "a key must be text"},
                    Refused{"null_as_key", "~: 1\n", "a key is missing"},
                    Refused{"too_deep", std::string(33, '[') + std::string(33, ']'), "deeper than 32"},
                    Refused{"very_deep", std::string(200'000, '['), "not valid YAML"},
                    Refused{"too_many_values", many_items(), "more than 10000 values"},
                    Refused{"not_utf8", "a: \xff\n", "not UTF-8"}, Refused{"nul", "a: \"x\\0y\"\n", "U+0000"},
                    Refused{"half", "a: [1, 2\n", "line "}, Refused{"bad_indent", "a: 1\n b: 2\n", "line 2"}),
    [](const auto& test) { return test.param.name; });

TEST(Yaml, RefusesATextOverItsLimit) {
  const auto parsed = parse_yaml(std::string(1024 * 1024 + 1, 'x'));

  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Code::too_large);
}

}  // namespace
}  // namespace cell
