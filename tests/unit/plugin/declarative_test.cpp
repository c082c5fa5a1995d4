#include <gmock/gmock.h>

#include "plugin/contributions.hpp"
#include "plugin/instance.hpp"
#include "unit/plugin/manifests.hpp"

namespace cell::plugin {
namespace {

using testing::HasSubstr;

constexpr const char* kHead = R"(permissions:
  - {capability: containers, reason: {en: The web server}}
  - {capability: accounts, reason: {en: One each}}
accounts: {kind: app_passwords, hash: bcrypt}
secrets: [{name: key, kind: random}]
options:
  type: object
  properties:
    motd: {type: string, default: hello}
    memory: {type: integer, default: 64}
    relay: {type: string}
)";

std::string with_contributions(const std::string& contributions) {
  return notes_manifest(std::string(kHead) + "contributions:\n" + contributions);
}

constexpr const char* kWeb = R"(  containers:
    - name: web
      image: web
      user: www-data
      memory_mb: "{{options.memory|value}}"
      environment: {NAME: "{{cell.name}}"}
      files:
        - path: /etc/notes/users
          secret: true
          content: |
            # {{options.motd}}
            {{#passwords}}
            {{account.login|field}}:{{account.password|field}}
            {{/passwords}}
            key {{secrets.key}}
  routes: [{to: {container: web, port: 80}, auth: none}]
)";

Json config() {
  return {{"service", {{"id", "org.example.notes"}, {"version", "1.2.0"}}},
          {"cell", {{"name", "Home"}, {"domain", "home.example"}, {"timezone", "UTC"}, {"language", "en"}}},
          {"options", {{"memory", 128}}},
          {"accounts",
           {{{"person_id", "p1"}, {"login", "ada"}, {"name", "Ada"}, {"passwords", {"$2y$1", "$2y$2"}}}}},
          {"secrets", {{"key", "s3cret"}}}};
}

TEST(Declarative, PlansTheTemplateFilledIn) {
  const Manifest manifest = parsed(with_contributions(kWeb));
  const auto instance = open_declarative(manifest);

  const auto document = instance->plan(config());

  ASSERT_TRUE(document) << document.error().message;
  const auto contributions = parse_contributions(*document, manifest);
  ASSERT_TRUE(contributions) << contributions.error().message;
  const ContainerWish& web = contributions->containers[0];
  EXPECT_EQ(web.memory_mb, 128);
  EXPECT_EQ(web.environment.at("NAME"), "Home");
  EXPECT_EQ(web.files[0].content, "# hello\nada:$2y$1\nada:$2y$2\nkey s3cret\n");
  EXPECT_EQ(contributions->routes[0].host, "notes");
}

TEST(Declarative, ValueThatWouldAddALineIsRefusedWithItsOption) {
  const auto instance = open_declarative(parsed(with_contributions(kWeb)));
  Json wrong = config();
  wrong["options"]["motd"] = "x\nroot:everything";

  const auto document = instance->plan(wrong);

  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code, Code::invalid_argument);
  EXPECT_EQ(document.error().fields[0].pointer, "/options/motd");
}

TEST(Declarative, HasNoRoutes) {
  const auto instance = open_declarative(parsed(with_contributions(kWeb)));

  const auto answer = instance->handle({});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unsupported);
}

struct Wrong {
  const char* name;
  const char* contributions;
  const char* pointer;
  const char* part_of_message;
};

class DeclarativeRefuses : public testing::TestWithParam<Wrong> {};

TEST_P(DeclarativeRefuses, WhenTheManifestIsRead) {
  const auto manifest = parse_manifest(with_contributions(GetParam().contributions));

  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().fields[0].pointer, GetParam().pointer);
  EXPECT_THAT(manifest.error().message, HasSubstr(GetParam().part_of_message));
}

INSTANTIATE_TEST_SUITE_P(
    Templates, DeclarativeRefuses,
    testing::Values(Wrong{"unknown_option", "  ui: {open: '{{options.colour}}'}\n", "/contributions/ui/open",
                          "there is no value 'options.colour'"},
                    Wrong{"account_outside_a_block", "  ui: {open: '{{account.login}}'}\n",
                          "/contributions/ui/open", "needs a block"},
                    Wrong{"unknown_list", "  ui: {open: \"{{#people}}\\n{{/people}}\\n\"}\n",
                          "/contributions/ui/open", "there is no list 'people'"},
                    Wrong{"block_on_text", "  ui: {open: \"{{#options.motd}}\\n{{/options.motd}}\\n\"}\n",
                          "/contributions/ui/open", "no option that is true or false"},
                    Wrong{"option_that_may_be_missing", "  ui: {open: '{{options.relay|json}}'}\n",
                          "/contributions/ui/open", "may be missing"},
                    Wrong{"secret_in_an_open_file",
                          "  containers: [{name: web, image: web, files: [{path: /etc/x/y, content: "
                          "'{{secrets.key}}'}]}]\n",
                          "/contributions/containers/0/files/0/content", "needs 'secret: true'"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace cell::plugin
