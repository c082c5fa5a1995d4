#include "plugin/template.hpp"

#include <gmock/gmock.h>

namespace cell::plugin {
namespace {

using testing::HasSubstr;

Filling filling() {
  Filling filling;
  filling.values = {{"cell.name", "Home"},        {"options.text", "it's \"x\" & <y>"},
                    {"options.port", 8080},       {"options.tls", true},
                    {"options.list", {"a", "b"}}, {"options.evil", "a\nroot: yes"}};
  filling.lists["accounts"] = {{{"account.login", "ada"}}, {{"account.login", "bob"}}};
  filling.lists["passwords"] = {{{"account.login", "ada"}, {"account.password", "$2y$05$a"}},
                                {{"account.login", "ada"}, {"account.password", "$2y$05$b"}}};
  return filling;
}

struct Case {
  const char* name;
  const char* text;
  const char* rendered;  // as JSON
};

class Rendered : public testing::TestWithParam<Case> {};

TEST_P(Rendered, AsExpected) {
  const auto parsed = parse_template(GetParam().text);
  ASSERT_TRUE(parsed) << parsed.error().message;

  const auto result = render(*parsed, filling());

  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(dump_json(*result), GetParam().rendered);
}

INSTANTIATE_TEST_SUITE_P(
    Templates, Rendered,
    testing::Values(
        Case{"plain_text", "a {b} c\n", R"("a {b} c\n")"},
        Case{"value", "name = {{cell.name}}\n", R"("name = Home\n")"},
        Case{"spaces_inside", "{{ cell.name | json }}", R"("\"Home\"")"},
        Case{"number_in_text", "port={{options.port}}", R"("port=8080")"},
        Case{"typed_number", "{{options.port|value}}", "8080"},
        Case{"typed_list", "{{options.list|value}}", R"(["a","b"])"},
        Case{"json", "x: {{options.text|json}}", R"("x: \"it's \\\"x\\\" & <y>\"")"},
        Case{"shell", "echo {{options.text|shell}}", R"("echo 'it'\\''s \"x\" & <y>'")"},
        Case{"xml", "<a>{{options.text|xml}}</a>", R"("<a>it&apos;s &quot;x&quot; &amp; &lt;y&gt;</a>")"},
        Case{"url", "?q={{options.text|url}}", R"("?q=it%27s%20%22x%22%20%26%20%3Cy%3E")"},
        Case{"two_braces", "{{{{ not a value }}", R"("{{ not a value }}")"},
        Case{"list_of_accounts", "a\n{{#accounts}}\n{{account.login}}@{{cell.name}}\n{{/accounts}}\nb\n",
             R"("a\nada@Home\nbob@Home\nb\n")"},
        Case{"list_of_passwords",
             "{{#passwords}}\n{{account.login|field}}:{{account.password|field}}\n{{/passwords}}\n",
             R"("ada:$2y$05$a\nada:$2y$05$b\n")"},
        Case{"when_true", "{{#options.tls}}\nssl = yes\n{{/options.tls}}\nend\n", R"("ssl = yes\nend\n")"},
        Case{"unless_true", "  {{^options.tls}}\nssl = no\n  {{/options.tls}}\nend\n", R"("end\n")"}),
    [](const auto& test) { return test.param.name; });

struct Wrong {
  const char* name;
  const char* text;
  const char* part_of_message;
};

class TemplateRefuses : public testing::TestWithParam<Wrong> {};

TEST_P(TemplateRefuses, AtParseTime) {
  const auto parsed = parse_template(GetParam().text);

  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, HasSubstr(GetParam().part_of_message));
}

INSTANTIATE_TEST_SUITE_P(
    Templates, TemplateRefuses,
    testing::Values(Wrong{"open_braces", "a {{cell.name", "has no '}}' on its line"},
                    Wrong{"no_name", "{{}}", "names no value"},
                    Wrong{"odd_name", "{{a b}}", "names no value"},
                    Wrong{"unknown_filter", "{{cell.name|html}}", "there is no filter 'html'"},
                    Wrong{"block_inside_a_line", "x {{#accounts}} y", "must stand on a line of its own"},
                    Wrong{"block_without_end", "{{#accounts}}\nx\n", "does not end"},
                    Wrong{"end_without_block", "{{/accounts}}\n", "was not begun"},
                    Wrong{"block_in_block", "{{#accounts}}\n{{#passwords}}\n", "stands inside another block"},
                    Wrong{"value_beside_text", "x{{options.port|value}}", "must be alone in its text"}),
    [](const auto& test) { return test.param.name; });

struct Value {
  const char* name;
  const char* filter;
  const char* value;
  const char* part_of_message;
};

class FilterRefuses : public testing::TestWithParam<Value> {};

TEST_P(FilterRefuses, WhatWouldAddADirective) {
  const auto text = apply_filter(GetParam().filter, "options.x", GetParam().value);

  ASSERT_FALSE(text) << *text;
  EXPECT_EQ(text.error().fields[0].pointer, "/options/x");
  EXPECT_THAT(text.error().message, HasSubstr(GetParam().part_of_message));
}

INSTANTIATE_TEST_SUITE_P(Values, FilterRefuses,
                         testing::Values(Value{"newline_in_line", "line", "a\nroot: yes", "line breaks"},
                                         Value{"return_in_line", "line", "a\rb", "line breaks"},
                                         Value{"escape_in_line", "line", "a\x1b[0m", "control characters"},
                                         Value{"line_separator", "line",
                                               "a\xE2\x80\xA8"
                                               "b",
                                               "line breaks"},
                                         Value{"next_line", "ini",
                                               "a\xC2\x85"
                                               "b",
                                               "line breaks"},
                                         Value{"return_in_text", "text", "a\rb", "control characters"},
                                         Value{"colon_in_field", "field", "ada:x", "must not hold ':'"},
                                         Value{"comment_in_ini", "ini", "a ; b", "must not hold any of"},
                                         Value{"space_in_ini", "ini", " a", "begin or end with a space"},
                                         Value{"newline_in_shell", "shell", "a\nb", "line breaks"},
                                         Value{"slash_in_name", "name", "../etc", "must be made of letters"},
                                         Value{"option_in_name", "name", "-rf", "must be made of letters"},
                                         Value{"empty_name", "name", "", "must be made of letters"}),
                         [](const auto& test) { return test.param.name; });

TEST(Templates, ValueThatTheFilterRefusesNamesItsOption) {
  const auto parsed = parse_template("motd = {{options.evil}}\n");

  const auto result = render(*parsed, filling());

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fields[0].pointer, "/options/evil");
}

}  // namespace
}  // namespace cell::plugin
