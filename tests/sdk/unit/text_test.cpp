#include <string>

#include <cell/text.hpp>
#include <gtest/gtest.h>

namespace cell::sdk {
namespace {

using namespace std::string_literals;

struct Utf8Case {
  const char* name;
  std::string text;
  bool is_utf8;
  bool is_line;
};

class Utf8 : public testing::TestWithParam<Utf8Case> {};

TEST_P(Utf8, IsToldFromOtherBytes) {
  EXPECT_EQ(is_utf8(GetParam().text), GetParam().is_utf8);
  EXPECT_EQ(is_line(GetParam().text), GetParam().is_line);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Utf8,
    testing::Values(Utf8Case{"Empty", "", true, true}, Utf8Case{"Ascii", "plain text", true, true},
                    Utf8Case{"TwoThreeAndFourBytes", "\u00e4\u20ac\U0001F600", true, true},
                    Utf8Case{"LastCodePoint", "\xF4\x8F\xBF\xBF", true, true},
                    Utf8Case{"BeyondTheLastCodePoint", "\xF4\x90\x80\x80", false, false},
                    Utf8Case{"Surrogate", "\xED\xA0\x80", false, false},
                    Utf8Case{"OverlongSlash", "\xC0\xAF", false, false},
                    Utf8Case{"OverlongThreeBytes", "\xE0\x80\xAF", false, false},
                    Utf8Case{"OverlongFourBytes", "\xF0\x80\x80\xAF", false, false},
                    Utf8Case{"CutOff", "a\xE2\x82", false, false},
                    Utf8Case{"LoneContinuation", "\x80", false, false},
                    Utf8Case{"LineFeed", "a\nb", true, false},
                    Utf8Case{"CarriageReturn", "a\rb", true, false}, Utf8Case{"Nul", "a\0b"s, true, false},
                    Utf8Case{"Tab", "a\tb", true, false}, Utf8Case{"Delete", "a\x7F", true, false},
                    Utf8Case{"NextLine", "a\u0085", true, false},
                    Utf8Case{"LineSeparator", "a\u2028", true, false},
                    Utf8Case{"ParagraphSeparator", "a\u2029", true, false}),
    [](const auto& each) { return each.param.name; });

TEST(HostName, IsLabelsOfLettersDigitsAndInnerHyphens) {
  for (const char* name : {"a", "mail.example.org", "xn--bcher-kva.example", "1.2.3.4", "A-b.c"})
    EXPECT_TRUE(is_host_name(name)) << name;
  for (const char* name : {"", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "a/b", "\u00e4.example"})
    EXPECT_FALSE(is_host_name(name)) << name;
  EXPECT_TRUE(is_host_name(std::string(63, 'a')));
  EXPECT_FALSE(is_host_name(std::string(64, 'a')));
}

TEST(IniValue, IsTheTextItselfOrRefused) {
  EXPECT_EQ(*ini_value("Ada's = list", "title"), "Ada's = list");
  for (const char* text :
       {"", " a", "a ", "\"a", "'a", "a # b", "a ; b", "%(home)s", "a\n[section]", "a\r\n[section]"})
    EXPECT_FALSE(ini_value(text, "title")) << text;
  EXPECT_EQ(ini_value("a;b", "title").error().message, "'title' must not contain '#', ';' or '%'");
}

TEST(ShellWord, StaysOneWord) {
  EXPECT_EQ(*shell_word(""), "''");
  EXPECT_EQ(*shell_word("it's $(x) `y`\n"), R"('it'\''s $(x) `y`)"
                                            "\n'");
  EXPECT_FALSE(shell_word("a\0b"s));
}

TEST(JsonText, EscapesWhatWouldEndTheString) {
  EXPECT_EQ(json_text("a\"b\\c\nd"), R"("a\"b\\c\nd")");
  EXPECT_EQ(json_text("\xFF"), "\"\uFFFD\"");
}

TEST(DoubleQuoted, EscapesQuotesAndBackslashesAndRefusesLineBreaks) {
  EXPECT_EQ(*double_quoted(R"(a"b\c)"), R"("a\"b\\c")");
  EXPECT_FALSE(double_quoted("a\nb"));
}

TEST(MarkupText, EscapesWhatMarkupReads) {
  EXPECT_EQ(*markup_text("<a href=\"x\">&'</a>"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;");
  EXPECT_FALSE(markup_text("a\x01"));
  EXPECT_FALSE(markup_text("\xC0\xAF"));
}

TEST(UrlSegment, EscapesEverythingThatIsNotUnreserved) {
  EXPECT_EQ(url_segment("a b/c?d=\u00e4~_.-"), "a%20b%2Fc%3Fd%3D%C3%A4~_.-");
}

}  // namespace
}  // namespace cell::sdk
