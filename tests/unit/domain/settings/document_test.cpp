#include "domain/settings/document.hpp"

#include <gtest/gtest.h>

#include "domain/settings/text.hpp"

namespace cell::settings {
namespace {

Result<void> check(const Json& document) {
  return Schema::compile(document_schema()).value().check(document);
}

TEST(Document, InitialOneFitsItsSchema) {
  const Json document = initial_document("fd00:1:2:3::/64");

  const auto fits = check(document);
  EXPECT_TRUE(fits) << fits.error().message;
  EXPECT_FALSE(identity_of(document).setup_complete);
  EXPECT_EQ(tunnel_of(document).ipv6_pool, "fd00:1:2:3::/64");
  EXPECT_EQ(tunnel_of(document).mtu, 1420);
  EXPECT_EQ(session_limits_of(document).absolute_s, 43'200);
}

TEST(Document, RefusesUnknownMembersEverywhere) {
  for (const char* where :
       {"", "/identity", "/identity/domain", "/network", "/dns", "/logging/core", "/session"}) {
    Json document = initial_document("fd00:1:2:3::/64");
    document[Json::json_pointer(where)]["colour"] = "red";
    EXPECT_FALSE(check(document)) << where;
  }
}

TEST(Document, TakesAPersonAndAPeer) {
  Json document = initial_document("fd00:1:2:3::/64");
  document["people"]["abc"] = {{"name", "Ann"},
                               {"role", "admin"},
                               {"created_at", "2026-01-01T00:00:00Z"},
                               {"password_changed_at", "2026-01-01T00:00:00Z"}};
  document["peers"]["p1"] = {
      {"name", "phone"},
      {"tags", {"family"}},
      {"enabled", true},
      {"public_key", "k"},
      {"key_origin", "browser"},
      {"addresses", {"10.13.13.2"}},
      {"policy", {{"internet", true}, {"lan", false}, {"peers", true}, {"services", true}}},
      {"created_at", "2026-01-01T00:00:00Z"},
      {"updated_at", "2026-01-01T00:00:00Z"}};

  const auto fits = check(document);
  EXPECT_TRUE(fits) << fits.error().message;
  document["people"]["abc"]["role"] = "king";
  EXPECT_FALSE(check(document));
}

TEST(Document, OfBeforeContainersCouldBeStoppedStillFits) {
  Json document = initial_document("fd00:1:2:3::/64");
  document.erase("containers");

  EXPECT_TRUE(check(document));
  EXPECT_TRUE(stopped_containers_of(document).empty());
}

TEST(Document, RemembersStoppedContainers) {
  Json document = initial_document("fd00:1:2:3::/64");
  document.erase("containers");

  EXPECT_TRUE(set_container_stopped(document, "cell-dns", true));
  EXPECT_FALSE(set_container_stopped(document, "cell-dns", true));
  EXPECT_EQ(document["containers"], (Json{{"stopped", {"cell-dns"}}}));
  EXPECT_TRUE(check(document));
  EXPECT_TRUE(set_container_stopped(document, "cell-dns", false));
  EXPECT_FALSE(set_container_stopped(document, "cell-dns", false));
  EXPECT_TRUE(stopped_containers_of(document).empty());
}

TEST(Checks, CellName) {
  for (const char* name : {"home", "a", "cell-2", "0x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    EXPECT_TRUE(check_cell_name(name, "/n")) << name;
  }
  for (const char* name :
       {"", "Home", "-a", "a-", "a.b", "a b", "a_b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "höme", "a\n"}) {
    const auto result = check_cell_name(name, "/n");
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().fields.at(0).pointer, "/n");
  }
}

TEST(Checks, EndpointHost) {
  for (const char* host :
       {"home.example.org", "192.0.2.7", "2001:db8::1", "cell", "A-1.example", "3com.example"}) {
    EXPECT_TRUE(check_endpoint_host(host, "/e")) << host;
  }
  for (const char* host : {"", "a b", "-a.example", "a..b", "a.", "[2001:db8::1]", "a:51820", "256.1.1.1",
                           "1.2.3", "a_b", "a\nb", "http://a"}) {
    EXPECT_FALSE(check_endpoint_host(host, "/e")) << host;
  }
  EXPECT_FALSE(check_endpoint_host(std::string("a\0b", 3), "/e"));
  EXPECT_FALSE(check_endpoint_host(std::string(64, 'a'), "/e"));
}

TEST(Checks, DisplayName) {
  for (const char* name : {"Ann", "Zoë's Phone", "телефон", "📱", "O'Brien; DROP TABLE", "{}$()`"}) {
    EXPECT_TRUE(check_display_name(name, "/n")) << name;
  }
  for (const char* name : {"", " ", "\u3000", "a\nb", "a\rb", "\x1b[31m",
                           "a\u202E"
                           "b",
                           "a\u2028"
                           "b",
                           "\xff", "\xc0\xaf", "\xed\xa0\x80", " a", "a ", "\x7f"}) {
    EXPECT_FALSE(check_display_name(name, "/n")) << name;
  }
  std::string longest;
  for (int i = 0; i < 64; ++i) longest += "ä";
  EXPECT_TRUE(check_display_name(longest, "/n"));
  EXPECT_FALSE(check_display_name(longest + "a", "/n"));
}

TEST(Checks, Timezone) {
  EXPECT_TRUE(check_timezone("UTC", "/t"));
  EXPECT_TRUE(check_timezone("Europe/Berlin", "/t"));
  EXPECT_FALSE(check_timezone("Mars/Olympus", "/t"));
  EXPECT_FALSE(check_timezone("../../etc/passwd", "/t"));
  EXPECT_GT(timezones().size(), 300U);
}

TEST(Text, DecodesOnlyShortestForms) {
  EXPECT_EQ(decode_utf8("aä€😀"), U"aä€😀");
  for (const char* text : {"\x80", "\xc1\xbf", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                           "\xe2\x82", "\xf8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(decode_utf8(text)) << text;
  }
}

}  // namespace
}  // namespace cell::settings
