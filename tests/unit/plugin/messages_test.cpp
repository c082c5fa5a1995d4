// What the host sends and takes, held against the schemas that plugins are written by.
#include "plugin/messages.hpp"

#include <gmock/gmock.h>

#include "plugin/documents.hpp"
#include "plugin/schemas.hpp"

namespace cell::plugin {
namespace {

struct Sent {
  const char* name;
  Json event;
  const char* text;
};

void PrintTo(const Sent& row, std::ostream* out) { *out << row.name; }

class Events : public testing::TestWithParam<Sent> {};

TEST_P(Events, FitTheirSchema) {
  const auto fits = event_schema().check(GetParam().event);

  EXPECT_TRUE(fits) << fits.error().message;
  EXPECT_EQ(dump_json(GetParam().event), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, Events,
    testing::Values(Sent{"schedule", event::schedule("nightly"), R"({"name":"nightly","type":"schedule"})"},
                    Sent{"installed", event::installed("1.0.0"), R"({"type":"installed","version":"1.0.0"})"},
                    Sent{"updated", event::updated("1.0.0", "1.1.0"),
                         R"({"from":"1.0.0","type":"updated","version":"1.1.0"})"},
                    Sent{"options_changed", event::options_changed(), R"({"type":"options_changed"})"},
                    Sent{"accounts_changed", event::accounts_changed(), R"({"type":"accounts_changed"})"},
                    Sent{"started", event::started(), R"({"type":"started"})"},
                    Sent{"stopped", event::stopped(), R"({"type":"stopped"})"},
                    Sent{"removing", event::removing(true), R"({"purge":true,"type":"removing"})"}),
    [](const auto& test) { return test.param.name; });

TEST(EventSchema, RefusesWhatTheCellNeverSends) {
  for (const char* text :
       {"{}", R"({"type": "exploded"})", R"({"type": "schedule"})", R"({"type": "schedule", "name": 1})",
        R"({"type": "started", "name": "x"})", R"({"type": "updated", "version": "1.0.0"})",
        R"({"type": "removing"})", R"(["started"])"})
    EXPECT_FALSE(event_schema().check(*parse_json(text))) << text;
}

RequestHead sample_request() {
  return {"POST",
          "/notes/1",
          {{"id", "1"}},
          {{"sort", "name"}},
          {{"content-type", "application/json"}},
          Asker{"p1", "Ada", false},
          "01J"};
}

TEST(RequestDocument, FitsItsSchema) {
  const Json document = request_document(sample_request());

  const auto fits = request_schema().check(document);
  EXPECT_TRUE(fits) << fits.error().message;
  EXPECT_EQ(dump_json(document),
            R"({"headers":{"content-type":"application/json"},"method":"POST","params":{"id":"1"},)"
            R"("path":"/notes/1","principal":{"id":"p1","name":"Ada","role":"peer"},)"
            R"("query":{"sort":"name"},"request_id":"01J"})");
}

TEST(RequestDocument, FitsItsSchemaWhenNobodyIsLoggedIn) {
  RequestHead head = sample_request();
  head.asker.reset();
  const Json document = request_document(head);

  EXPECT_TRUE(request_schema().check(document));
  EXPECT_TRUE(document["principal"].is_null());
}

TEST(RequestSchema, RefusesWhatTheCellNeverSends) {
  const auto changed = [](const char* member, Json value) {
    Json document = request_document(sample_request());
    document[member] = std::move(value);
    return document;
  };
  for (const Json& document : {changed("method", "TRACE"), changed("path", "notes"),
                               changed("params", Json::array()), changed("query", {{"a", 1}}),
                               changed("headers", {{"Content-Type", "x"}}), changed("principal", "ada"),
                               changed("principal", {{"id", "p1"}, {"name", "Ada"}, {"role", "person"}}),
                               changed("request_id", ""), changed("body", "x")})
    EXPECT_FALSE(request_schema().check(document)) << dump_json(document);
  const Json whole = request_document(sample_request());
  for (const auto& [name, value] : whole.items()) {
    Json document = whole;
    document.erase(name);
    EXPECT_FALSE(request_schema().check(document)) << "without " << name;
  }
}

struct Answered {
  const char* name;
  std::string text;
  bool is_good;
};

void PrintTo(const Answered& row, std::ostream* out) { *out << row.name; }

class Responses : public testing::TestWithParam<Answered> {};

TEST_P(Responses, AreTakenJustAsTheirSchemaSays) {
  EXPECT_EQ(bool(read_response(GetParam().text, "")), GetParam().is_good);
  const auto document = parse_json(GetParam().text);
  EXPECT_EQ(document && response_schema().check(*document), GetParam().is_good);
}

std::string headers(std::size_t count) {
  Json document{{"status", 200}, {"headers", Json::object()}};
  for (std::size_t i = 0; i < count; ++i) document["headers"]["X-" + std::to_string(i)] = "";
  return dump_json(document);
}

std::string header(const std::string& name, const std::string& value) {
  return dump_json({{"status", 200}, {"headers", {{name, value}}}});
}

INSTANTIATE_TEST_SUITE_P(
    All, Responses,
    testing::Values(Answered{"status_alone", R"({"status": 200})", true},
                    Answered{"last_status", R"({"status": 599, "headers": {}})", true},
                    Answered{"status_below", R"({"status": 199})", false},
                    Answered{"status_above", R"({"status": 600})", false},
                    Answered{"status_as_text", R"({"status": "200"})", false},
                    Answered{"status_with_fraction", R"({"status": 200.5})", false},
                    Answered{"no_status", R"({"headers": {}})", false}, Answered{"no_object", "[200]", false},
                    Answered{"unknown_member", R"({"status": 200, "body": ""})", false},
                    Answered{"headers_as_list", R"({"status": 200, "headers": ["A"]})", false},
                    Answered{"headers_as_text", R"({"status": 200, "headers": "A"})", false},
                    Answered{"headers_null", R"({"status": 200, "headers": null})", false},
                    Answered{"most_headers", headers(64), true},
                    Answered{"too_many_headers", headers(65), false},
                    Answered{"longest_name", header(std::string(64, 'a'), "b"), true},
                    Answered{"name_too_long", header(std::string(65, 'a'), "b"), false},
                    Answered{"empty_name", header("", "b"), false},
                    Answered{"name_with_colon", header("a:", "b"), false},
                    Answered{"long_value", header("a", std::string(1024, 'b')), true},
                    Answered{"value_too_long", header("a", std::string(8193, 'b')), false},
                    Answered{"value_with_tab", header("a", "b\tc"), true},
                    Answered{"value_with_line_break", header("a", "b\r\nc"), false},
                    Answered{"value_with_nul", header("a", std::string("b\0c", 3)), false},
                    Answered{"value_with_delete", header("a", "b\x7f"), false},
                    Answered{"value_as_number", R"({"status": 200, "headers": {"A": 1}})", false}),
    [](const auto& test) { return test.param.name; });

// By itself, because our own validator looks for a pattern in texts of at most 1024 characters only.
TEST(ResponseSchema, TakesAHeaderOfEightKibibytesAsTheHostDoes) {
  const Json schema = *parse_json(response_schema_text());

  EXPECT_EQ(schema["properties"]["headers"]["additionalProperties"]["maxLength"], 8192);
  EXPECT_TRUE(read_response(header("a", std::string(8192, 'b')), ""));
}

}  // namespace
}  // namespace cell::plugin
