#include "plugin/manifest.hpp"

#include <gmock/gmock.h>

#include "unit/plugin/manifests.hpp"

namespace cell::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Manifest, ReadsAWholeDeclarativePackage) {
  const auto manifest = parse_manifest(R"(
schema: 1
id: org.example.notes
name: {en: Notes, de: Notizen}
summary: {en: Notes for everybody}
version: 1.2.0-rc.1
upstream_version: "3.1"
kind: declarative
category: notes
provides: [service]
license: MIT
icon: icon.svg
core: {minimum: 0.1.0}
images:
  web:
    packages: [nginx-light]
    files: [{path: /etc/nginx/nginx.conf, content: "x", mode: "0600"}]
    users: [{name: notes, id: 900}]
permissions:
  - {capability: containers, reason: {en: The web server}}
  - {capability: accounts, reason: {en: One each}}
options:
  type: object
  properties:
    motd: {type: string, default: hello, maxLength: 50, title: {en: Greeting, de: Gruß}, x-order: 1}
secrets: [{name: key, kind: ed25519}]
accounts: {kind: app_passwords, hash: bcrypt, quota: true}
contributions:
  containers: [{name: web, image: web}]
resources: {memory_mb: 64}
update: {breaking: [{version: 1.0.0, text: {en: Everything moved}}]}
)");

  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->id, "org.example.notes");
  EXPECT_EQ(manifest->label, "notes");
  EXPECT_EQ(in_language(manifest->name, "de"), "Notizen");
  EXPECT_EQ(in_language(manifest->name, "fr"), "Notes");
  EXPECT_EQ(manifest->version, "1.2.0-rc.1");
  EXPECT_EQ(manifest->kind, Kind::declarative);
  EXPECT_EQ(manifest->stage, "stable");
  EXPECT_THAT(manifest->images.at("web").packages, ElementsAre("nginx-light"));
  EXPECT_EQ(manifest->images.at("web").files[0].mode, 0600U);
  EXPECT_EQ(manifest->images.at("web").users[0].id, 900);
  ASSERT_NE(manifest->permission("accounts"), nullptr);
  EXPECT_EQ(manifest->permission("dns"), nullptr);
  EXPECT_EQ(manifest->secrets[0].kind, "ed25519");
  EXPECT_EQ(manifest->accounts->hash, "bcrypt");
  EXPECT_EQ(manifest->accounts->login, "name");
  EXPECT_TRUE(manifest->accounts->quota);
  EXPECT_EQ(manifest->memory_mb, 64);
  EXPECT_EQ(manifest->breaking[0].first, "1.0.0");
}

TEST(Manifest, ReadsANativePackage) {
  const auto manifest = parse_manifest(native_manifest());

  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->kind, Kind::native);
  EXPECT_EQ(manifest->library, "probe.so");
  EXPECT_THAT(manifest->architectures, ElementsAre("amd64", "arm64"));
}

TEST(Manifest, MayBeJson) {
  const auto manifest = parse_manifest(
      R"({"schema": 1, "id": "probe", "name": {"en": "P"}, "summary": {"en": "P"}, "version": "1.0.0",
          "kind": "declarative", "category": "tools", "provides": ["service"], "license": "MIT",
          "permissions": [], "contributions": {}})");

  EXPECT_TRUE(manifest) << manifest.error().message;
}

struct Refused {
  const char* name;
  std::string text;
  const char* pointer;
  const char* part_of_message;
  const char* reason;
};

class ManifestRefuses : public testing::TestWithParam<Refused> {};

TEST_P(ManifestRefuses, NamingThePlace) {
  const auto manifest = parse_manifest(GetParam().text);

  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, Code::invalid_argument);
  EXPECT_THAT(manifest.error().message, HasSubstr(GetParam().part_of_message));
  EXPECT_EQ(manifest.error().reason, GetParam().reason);
  ASSERT_FALSE(manifest.error().fields.empty());
  EXPECT_EQ(manifest.error().fields[0].pointer, GetParam().pointer);
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

INSTANTIATE_TEST_SUITE_P(
    Documents, ManifestRefuses,
    testing::Values(
        Refused{"unknown_key", notes_manifest() + "colour: red\n", "/colour", "unknown field 'colour'", ""},
        Refused{"next_abi", with(native_manifest(), "major: 1", "major: 2"), "/abi/major",
                "built for version 2 of the plugin border, this cell has 1", "abi"},
        Refused{"newer_abi_minor", with(native_manifest(), "minor: 0", "minor: 7"), "/abi/minor",
                "needs version 1.7", "abi"},
        Refused{"newer_core", notes_manifest() + "core: {minimum: 99.0.0}\nfuture: 1\n", "/core/minimum",
                "needs version 99.0.0 of the cell", "core_version"},
        Refused{"older_core", notes_manifest() + "core: {maximum: 0.0.1}\n", "/core/maximum",
                "works up to version 0.0.1", "core_version"},
        Refused{"label_of_the_cell", notes_manifest() + "label: dns\n", "/label", "belongs to the cell", ""},
        Refused{"host_of_the_cell", native_manifest("[{capability: hosts, hosts: [www], reason: {en: x}}]"),
                "/permissions", "the host name 'www' belongs to the cell", ""},
        Refused{"unknown_capability", native_manifest("[{capability: docker, reason: {en: x}}]"),
                "/permissions/0/capability", "'docker' is no capability", ""},
        Refused{"capability_twice",
                native_manifest("[{capability: dns, reason: {en: x}}, {capability: dns, reason: {en: y}}]"),
                "/permissions/1", "'dns' stands there twice", ""},
        Refused{"permission_without_reason", native_manifest("[{capability: dns}]"), "/permissions/0/reason",
                "is missing", ""},
        Refused{
            "port_that_is_none",
            native_manifest(
                "[{capability: ports, reason: {en: x}, ports: [{port: 70000, protocol: tcp, expose: vpn}]}]"),
            "/permissions/0/ports/0/port", "must be at most 65535", ""},
        Refused{"unknown_image_member", with(notes_manifest(), "[nginx-light]", "[nginx-light], volume: x"),
                "/images/web/volume", "unknown field 'volume'", ""},
        Refused{"native_without_library", with(native_manifest(), "library:", "x-library:"), "/library",
                "is missing", ""},
        Refused{"image_by_tag",
                with(notes_manifest(), "{packages: [nginx-light]}",
                     "{reference: docker.io/library/nginx:latest}"),
                "/images/web/reference", "", ""},
        Refused{"native_with_contributions", native_manifest() + "contributions: {}\n", "/contributions",
                "from its library", ""},
        Refused{"declarative_with_library",
                notes_manifest() + "library: {name: x.so, architectures: [amd64]}\n", "/library",
                "a declarative package has none", ""},
        Refused{"accounts_without_permission",
                notes_manifest() + "accounts: {kind: app_passwords, hash: bcrypt}\n", "/accounts",
                "needs the permission 'accounts'", ""},
        Refused{"secret_twice",
                notes_manifest() + "secrets: [{name: a, kind: ed25519}, {name: a_public, kind: random}]\n",
                "/secrets/1", "'a_public' stands there twice", ""},
        Refused{"version_that_ends_with_a_dot", with(notes_manifest(), "1.2.0", "1.2.0-a."), "/version",
                "is no semantic version", ""},
        Refused{"option_with_reference",
                notes_manifest() + "options: {type: object, properties: {a: {$ref: 'file:///etc/passwd'}}}\n",
                "/options/properties/a/$ref", "is not taken in options", ""},
        Refused{"option_with_bad_pattern",
                notes_manifest() + "options: {type: object, properties: {a: {type: string, pattern: '('}}}\n",
                "/options", "is no JSON Schema", ""},
        Refused{"option_with_bad_default",
                notes_manifest() + "options: {type: object, properties: {a: {type: integer, default: x}}}\n",
                "/options/properties/a/default", "is not a value that the option takes", ""}),
    [](const auto& test) { return test.param.name; });

TEST(Manifest, RefusesYamlThatHasTwoReadings) {
  const auto manifest = parse_manifest(notes_manifest() + "id: other\n");

  ASSERT_FALSE(manifest);
  EXPECT_THAT(manifest.error().message, HasSubstr("'id' stands there twice"));
}

struct Order {
  const char* name;
  const char* left;
  const char* right;
  int order;
};

class Versions : public testing::TestWithParam<Order> {};

TEST_P(Versions, AreOrderedBothWays) {
  EXPECT_EQ(compare_versions(GetParam().left, GetParam().right), GetParam().order);
  EXPECT_EQ(compare_versions(GetParam().right, GetParam().left), -GetParam().order);
}

INSTANTIATE_TEST_SUITE_P(
    SemVer, Versions,
    testing::Values(Order{"same", "1.2.3", "1.2.3", 0}, Order{"numbers_not_text", "1.10.0", "1.9.0", 1},
                    Order{"pre_release_is_lower", "1.0.0-rc.1", "1.0.0", -1},
                    Order{"pre_release_numbers", "1.0.0-alpha.10", "1.0.0-alpha.9", 1},
                    Order{"number_below_text", "1.0.0-1", "1.0.0-a", -1},
                    Order{"more_parts_are_higher", "1.0.0-a.1", "1.0.0-a", 1},
                    Order{"build_does_not_count", "1.0.0+a", "1.0.0+b", 0},
                    Order{"beyond_64_bits", "99999999999999999999999.0.0", "99999999999999999999998.0.0", 1}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace cell::plugin
