#include "base/schema.hpp"

#include <gmock/gmock.h>

namespace cell {
namespace {

const char* kPeerSchema = R"({
  "type": "object",
  "additionalProperties": false,
  "required": ["name"],
  "properties": {
    "name": {"type": "string", "minLength": 1, "maxLength": 8, "pattern": "^[a-z]+$"},
    "colour": {"enum": ["red", "green"]},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "expires_at": {"type": ["string", "null"], "format": "date-time"},
    "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": true},
    "policy": {"$ref": "#/definitions/policy"},
    "kind": {"const": "peer"},
    "children": {"type": "object", "additionalProperties": {"$ref": "#"}}
  },
  "definitions": {
    "policy": {"type": "object", "additionalProperties": false, "properties": {"internet": {"type": "boolean"}}}
  }
})";

struct Case {
  const char* name;
  const char* value;
  std::vector<FieldError> fields;
};

class SchemaFinds : public testing::TestWithParam<Case> {};

TEST_P(SchemaFinds, TheWrongPlaces) {
  const auto schema = Schema::compile(*parse_json(kPeerSchema));
  ASSERT_TRUE(schema) << schema.error().message;

  const auto outcome = schema->check(*parse_json(GetParam().value));

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::invalid_argument);
  std::vector<std::string> found;
  std::vector<std::string> wanted;
  for (const FieldError& field : outcome.error().fields) found.push_back(field.pointer + " " + field.detail);
  for (const FieldError& field : GetParam().fields) wanted.push_back(field.pointer + " " + field.detail);
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(wanted));
}

INSTANTIATE_TEST_SUITE_P(
    Values, SchemaFinds,
    testing::Values(
        Case{"missing", "{}", {{"/name", "is missing"}}},
        Case{"wrong_type", R"({"name":7})", {{"/name", "must be a string"}}},
        Case{"not_an_object", "[]", {{"", "must be an object"}}},
        Case{"unknown", R"({"name":"a","color":"red"})", {{"/color", "unknown field 'color'"}}},
        Case{"two_unknown",
             R"({"name":"a","x1":1,"x2":1})",
             {{"/x1", "unknown field 'x1'"}, {"/x2", "unknown field 'x2'"}}},
        Case{"unknown_with_slash", R"({"name":"a","b/c":1})", {{"/b~1c", "unknown field 'b/c'"}}},
        Case{"choice", R"({"name":"a","colour":"blue"})", {{"/colour", "must be one of 'red', 'green'"}}},
        Case{"constant", R"({"name":"a","kind":"x"})", {{"/kind", "must be 'peer'"}}},
        Case{"too_small", R"({"name":"a","port":0})", {{"/port", "must be at least 1"}}},
        Case{"too_large", R"({"name":"a","port":65536})", {{"/port", "must be at most 65535"}}},
        Case{"decimal_for_integer", R"({"name":"a","port":1.5})", {{"/port", "must be an integer"}}},
        Case{"too_long", R"({"name":"abcdefghi"})", {{"/name", "must have at most 8 characters"}}},
        Case{"pattern", R"({"name":"A"})", {{"/name", "does not have the form that is asked for"}}},
        Case{"time",
             R"({"name":"a","expires_at":"tomorrow"})",
             {{"/expires_at", "must be a time like 2026-11-24T08:30:00Z"}}},
        Case{"time_of_another_type",
             R"({"name":"a","expires_at":5})",
             {{"/expires_at", "must be a string or null"}}},
        Case{"item", R"({"name":"a","tags":["x",1]})", {{"/tags/1", "must be a string"}}},
        Case{"too_many_items",
             R"({"name":"a","tags":["x","y","z"]})",
             {{"/tags", "must have at most 2 items"}}},
        Case{
            "same_item_twice", R"({"name":"a","tags":["x","x"]})", {{"/tags", "holds the same value twice"}}},
        Case{"through_a_reference",
             R"({"name":"a","policy":{"internet":1}})",
             {{"/policy/internet", "must be true or false"}}},
        Case{"unknown_through_a_reference",
             R"({"name":"a","policy":{"lan":true}})",
             {{"/policy/lan", "unknown field 'lan'"}}},
        Case{"recursion",
             R"({"name":"a","children":{"b":{"name":"b","children":{"c":{}}}}})",
             {{"/children/b/children/c/name", "is missing"}}},
        Case{"several",
             R"({"port":0,"colour":"x"})",
             {{"/name", "is missing"},
              {"/port", "must be at least 1"},
              {"/colour", "must be one of 'red', 'green'"}}}),
    [](const auto& test) { return test.param.name; });

struct Fixture : testing::Test {
  Schema schema = *Schema::compile(*parse_json(kPeerSchema));
};
using SchemaCheck = Fixture;

TEST_F(SchemaCheck, AcceptsWhatFits) {
  const auto outcome = schema.check(*parse_json(
      R"({"name":"ann","colour":"red","port":51820,"expires_at":"2026-11-24T08:30:00.5+01:00","tags":["x"],"policy":{"internet":true},"children":{"b":{"name":"b","expires_at":null}}})"));

  EXPECT_TRUE(outcome) << outcome.error().message;
}

TEST_F(SchemaCheck, HintsAtTheNearestName) {
  const auto outcome = schema.check(*parse_json(R"({"name":"a","color":"red"})"));

  EXPECT_EQ(outcome.error().message, "unknown field 'color'");
  EXPECT_EQ(outcome.error().hint, "did you mean 'colour'?");
}

TEST_F(SchemaCheck, MessageNamesTheFieldAndHowManyMore) {
  EXPECT_EQ(schema.check(*parse_json("{}")).error().message, "'/name' is missing");
  EXPECT_THAT(schema.check(*parse_json(R"({"port":0})")).error().message,
              testing::EndsWith("and 1 more fields are wrong"));
}

TEST_F(SchemaCheck, GivesAtMostTwentyFields) {
  Json value{{"name", "a"}};
  for (int i = 0; i < 100; ++i) value["x" + std::to_string(i)] = i;

  EXPECT_EQ(schema.check(value).error().fields.size(), 20U);
}

// std::regex recurses once a character: a megabyte would overflow the stack.
TEST_F(SchemaCheck, SurvivesAMegabyteWhereAPatternIs) {
  const auto outcome = schema.check({{"name", std::string(1'000'000, 'a')}});

  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().fields.at(0).detail, "must have at most 8 characters");
}

TEST_F(SchemaCheck, SurvivesAMegabyteWhereATimeIs) {
  EXPECT_FALSE(schema.check({{"name", "a"}, {"expires_at", std::string(1'000'000, '1')}}));
}

TEST_F(SchemaCheck, RefusesAVeryLongName) {
  EXPECT_FALSE(schema.check({{"name", "a"}, {std::string(100'000, 'x'), 1}}));
}

TEST_F(SchemaCheck, AnswersQuicklyToAHugeListThatIsWrong) {
  Json tags = Json::array();
  for (int i = 0; i < 200'000; ++i) tags.push_back(i);

  const auto outcome = schema.check({{"name", "a"}, {"tags", tags}});

  ASSERT_FALSE(outcome);
  EXPECT_LE(outcome.error().fields.size(), 20U);
}

TEST(Schema, PatternsRunOnTheLongestTextTheyMaySee) {
  const Schema schema = *Schema::compile({{"type", "string"}, {"pattern", "^([a-z]|[0-9])*$"}});

  EXPECT_TRUE(schema.check(std::string(1024, 'a')));
  EXPECT_EQ(schema.check(std::string(1025, 'a')).error().message,
            "the document must have at most 1024 characters");
}

TEST(Schema, OfAlternativesSaysWhatIsWrongInside) {
  const Schema schema = *Schema::compile(*parse_json(
      R"({"oneOf":[{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}},{"type":"string"}]})"));

  EXPECT_TRUE(schema.check("text"));
  EXPECT_TRUE(schema.check({{"a", 1}}));
  const auto outcome = schema.check({{"a", "x"}});
  ASSERT_EQ(outcome.error().fields.size(), 1U);
  EXPECT_EQ(outcome.error().fields[0].pointer, "/a");
}

TEST(Schema, ASchemaThatIsWrongIsOurOwnError) {
  const auto schema = Schema::compile({{"type", "string"}, {"pattern", "("}});

  ASSERT_FALSE(schema);
  EXPECT_EQ(schema.error().code, Code::internal);
}

TEST(Schema, MayBeUsedByManyThreads) {
  const Schema schema = *Schema::compile(*parse_json(kPeerSchema));
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          if (!schema.check({{"name", "ann"}}) || schema.check({{"name", "ANN"}})) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace cell
