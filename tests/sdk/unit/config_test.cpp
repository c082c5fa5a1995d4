#include <cell/config.hpp>
#include <cell/testing.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

Config config_with(const Json& options) { return Config::parse(testing::config(options)).value(); }

TEST(Config, ReadsWhatTheCellSends) {
  Json document = testing::config({{"port", 5}});
  document["secrets"] = {{"key", "k"}};
  document["accounts"] = {
      {{"person_id", "p1"}, {"login", "ada"}, {"name", "Ada"}, {"quota_mb", 100}, {"passwords", {"$2y$x"}}},
      {{"person_id", "p2"}, {"login", "bob"}, {"name", "Bob"}}};

  const Config config = Config::parse(document).value();

  EXPECT_EQ(config.service().id, "example");
  EXPECT_EQ(config.cell().domain, "home.cell");
  EXPECT_EQ(config.options().integer("port"), 5);
  EXPECT_EQ(config.secret("key"), "k");
  ASSERT_EQ(config.accounts().size(), 2U);
  EXPECT_EQ(config.accounts()[0].login, "ada");
  EXPECT_EQ(config.accounts()[0].quota_mb, 100);
  EXPECT_EQ(config.accounts()[0].passwords, std::vector<std::string>{"$2y$x"});
  EXPECT_EQ(config.accounts()[1].quota_mb, std::nullopt);
  EXPECT_TRUE(config.problems().empty());
}

TEST(Config, NamesEveryPlaceOfADocumentThatIsNotTheCells) {
  Json document = testing::config();
  document["service"].erase("id");
  document["cell"]["domain"] = "no domain";
  document["accounts"] = {{{"person_id", "p1"}, {"login", "a\nb"}, {"name", "Ada"}}};

  const auto config = Config::parse(document);

  ASSERT_FALSE(config);
  const std::vector<FieldError> expected = {
      {"/service/id", "must be there"},
      {"/cell/domain", "must be a host name such as mail.example.org"},
      {"/accounts/0/login", "must be one line of text without control characters"}};
  EXPECT_EQ(config.error().fields, expected);
}

TEST(Config, IsNeitherAListNorAText) {
  EXPECT_FALSE(Config::parse(Json::array()));
  EXPECT_FALSE(Config::parse("x"));
  EXPECT_FALSE(Config::parse({{"service", 1}, {"cell", 2}, {"options", 3}, {"accounts", 4}, {"secrets", 5}}));
}

TEST(Options, GivesFallbacksForWhatIsNotThere) {
  const Config config = config_with({{"nothing", nullptr}});
  const Options& options = config.options();

  EXPECT_EQ(options.text("word", "w"), "w");
  EXPECT_EQ(options.line("nothing", "n"), "n");
  EXPECT_EQ(options.host_name("host", ""), "");
  EXPECT_EQ(options.integer("count", 3), 3);
  EXPECT_EQ(options.number("ratio", 0.5), 0.5);
  EXPECT_TRUE(options.boolean("is", true));
  EXPECT_TRUE(options.lines("list").empty());
  EXPECT_TRUE(options.objects("things").empty());
  EXPECT_EQ(options.object("thing").text("x", "y"), "y");
  EXPECT_FALSE(options.has("nothing"));
  EXPECT_TRUE(config.problems().empty());
}

TEST(Options, NotesEveryValueOfAnotherType) {
  const Config config = config_with({{"text", 1},
                                     {"line", "a\nb"},
                                     {"host", "-"},
                                     {"integer", 1.5},
                                     {"big", 18446744073709551615U},
                                     {"number", "1"},
                                     {"boolean", "true"},
                                     {"lines", {"a", 2}},
                                     {"objects", {{{"a", 1}}, 2}},
                                     {"object", 1}});
  const Options& options = config.options();

  EXPECT_EQ(options.text("text"), "");
  EXPECT_EQ(options.line("line"), "");
  EXPECT_EQ(options.host_name("host"), "");
  EXPECT_EQ(options.integer("integer"), 0);
  EXPECT_EQ(options.integer("big"), 0);
  EXPECT_EQ(options.number("number"), 0);
  EXPECT_FALSE(options.boolean("boolean"));
  EXPECT_TRUE(options.lines("lines").empty());
  EXPECT_TRUE(options.objects("objects").empty());
  EXPECT_EQ(options.object("object").text("x", ""), "");
  EXPECT_EQ(options.text("missing"), "");

  const std::vector<FieldError> expected = {
      {"/options/text", "must be a text"},
      {"/options/line", "must be one line of text without control characters"},
      {"/options/host", "must be a host name such as mail.example.org"},
      {"/options/integer", "must be a whole number"},
      {"/options/big", "must be a whole number"},
      {"/options/number", "must be a number"},
      {"/options/boolean", "must be true or false"},
      {"/options/lines", "each must be one line of text without control characters"},
      {"/options/objects/1", "must be an object"},
      {"/options/object", "must be an object"},
      {"/options/missing", "must be there"}};
  EXPECT_EQ(config.problems(), expected);
}

TEST(Options, PointIntoNestedValues) {
  const Config config = config_with({{"servers", {{{"name", "a"}}, {{"name", 2}}}}});

  for (const Options& server : config.options().objects("servers")) (void)server.text("name");

  const std::vector<FieldError> expected = {{"/options/servers/1/name", "must be a text"}};
  EXPECT_EQ(config.problems(), expected);
}

}  // namespace
}  // namespace cell::sdk
