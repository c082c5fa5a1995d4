#include "plugin/options.hpp"

#include <gmock/gmock.h>

#include "unit/plugin/manifests.hpp"

namespace cell::plugin {
namespace {

Manifest with_options() {
  return parsed(notes_manifest() + R"(options:
  type: object
  required: [title]
  properties:
    title: {type: string, minLength: 1, maxLength: 20}
    port: {type: integer, minimum: 1024, maximum: 65535, default: 8080}
    token: {type: string, x-secret: true}
    smtp:
      type: object
      additionalProperties: false
      default: {}
      properties: {relay: {type: string, default: none}}
)");
}

TEST(Options, DefaultsAreFilledInAlsoInside) {
  const auto complete = complete_options(with_options(), {{"title", "Mine"}});

  ASSERT_TRUE(complete) << complete.error().message;
  EXPECT_EQ(dump_json(*complete), R"({"port":8080,"smtp":{"relay":"none"},"title":"Mine"})");
}

TEST(Options, WrongOnesAreNamedBelowOptions) {
  const auto complete = complete_options(with_options(), {{"title", "Mine"}, {"port", 80}});

  ASSERT_FALSE(complete);
  EXPECT_EQ(complete.error().fields[0].pointer, "/options/port");
  EXPECT_EQ(complete.error().fields[0].detail, "must be at least 1024");
}

TEST(Options, UnknownOnesAreRefused) {
  const auto complete = complete_options(with_options(), {{"title", "Mine"}, {"tilte", "x"}});

  ASSERT_FALSE(complete);
  EXPECT_EQ(complete.error().fields[0].pointer, "/options/tilte");
}

TEST(Options, SecretOnesAreKnown) {
  EXPECT_TRUE(is_secret_option(with_options(), "token"));
  EXPECT_FALSE(is_secret_option(with_options(), "title"));
}

}  // namespace
}  // namespace cell::plugin
