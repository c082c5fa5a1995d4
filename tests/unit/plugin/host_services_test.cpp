#include <gmock/gmock.h>

#include "unit/plugin/fake_services.hpp"
#include "unit/plugin/manifests.hpp"

namespace cell::plugin {
namespace {

Manifest with_everything() {
  return parsed(native_manifest(R"(
  - {capability: people, reason: {en: x}}
  - {capability: peers, reason: {en: x}}
  - {capability: exec, reason: {en: x}}
  - {capability: events, reason: {en: x}}
  - {capability: http, hosts: [api.example.org], reason: {en: x}})") +
                "secrets: [{name: key, kind: ed25519}, {name: tls, kind: certificate}]\n"
                "options: {type: object, properties: {token: {type: string, x-secret: true}, plain: {type: "
                "string}}}\n");
}

struct Call {
  const char* name;
  const char* method;
  const char* request;
  const char* answer;
};

class HostMethods : public testing::TestWithParam<Call> {};

TEST_P(HostMethods, Answer) {
  FetchingServices services;
  services.store.values["probe kept"] = 7;
  services.store.values["other kept"] = 8;
  const HostCall host = make_host_call(with_everything(), services);

  const auto answer = host(GetParam().method, *parse_json(GetParam().request));

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(dump_json(*answer), GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    All, HostMethods,
    testing::Values(
        Call{"state_get", "state.get/1", R"({"key": "kept"})", R"({"value":7})"},
        Call{"state_get_missing", "state.get/1", R"({"key": "none"})", "{}"},
        Call{"state_put", "state.put/1", R"({"key": "a/b", "value": null})", "{}"},
        Call{"state_remove", "state.remove/1", R"({"key": "none"})", "{}"},
        Call{"state_list", "state.list/1", "{}", R"({"keys":["kept"]})"},
        Call{"secret", "secrets.get/1", R"({"name": "key"})", R"({"value":"the key"})"},
        Call{"public_half", "secrets.get/1", R"({"name": "key_public"})", R"({"value":"the key_public"})"},
        Call{"chain", "secrets.get/1", R"({"name": "tls_chain"})", R"({"value":"the tls_chain"})"},
        Call{"secret_option", "secrets.get/1", R"({"name": "token"})", R"({"value":"the token"})"},
        Call{"identity", "identity.get/1", "{}", R"({"name":"Home"})"},
        Call{"options", "options.get/1", "{}", R"({"options":{"plain":1,"token":"of probe"}})"},
        Call{"people", "people.list/1", "{}", R"({"people":[{"id":"p1","name":"Ada","role":"admin"}]})"},
        Call{"peers", "peers.list/1", "{}", R"({"peers":[]})"}, Call{"plan", "plan.request/1", "{}", "{}"},
        Call{"exec", "containers.exec/1", R"({"container": "web", "command": ["ls"], "limit_ms": 500})",
             R"({"exit_code":0,"stderr":"","stdout":"probe/web: ls 500"})"},
        Call{"fetch", "http.fetch/1", R"({"url": "https://API.example.org:443/x?y"})",
             R"({"body":"GET","headers":{"content-type":"text/plain"},"status":200})"},
        Call{"events", "events.emit/1", R"({"type": "ran", "data": {"a": 1}})", "{}"}),
    [](const auto& test) { return test.param.name; });

class HostMethodsWithoutPermission : public testing::TestWithParam<Call> {};

TEST_P(HostMethodsWithoutPermission, AreForbidden) {
  FetchingServices services;
  const HostCall host = make_host_call(parsed(native_manifest()), services);

  const auto answer = host(GetParam().method, *parse_json(GetParam().request));

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::forbidden);
  EXPECT_EQ(answer.error().message, GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    All, HostMethodsWithoutPermission,
    testing::Values(Call{"people", "people.list/1", "{}", "'people.list/1' needs the permission 'people'"},
                    Call{"peers", "peers.list/1", "{}", "'peers.list/1' needs the permission 'peers'"},
                    Call{"exec", "containers.exec/1", R"({"container": "web", "command": ["ls"]})",
                         "'containers.exec/1' needs the permission 'exec'"},
                    Call{"fetch", "http.fetch/1", R"({"url": "https://api.example.org/"})",
                         "'http.fetch/1' needs the permission 'http'"},
                    Call{"events", "events.emit/1", R"({"type": "a", "data": 1})",
                         "'events.emit/1' needs the permission 'events'"}),
    [](const auto& test) { return test.param.name; });

struct Refused {
  const char* name;
  const char* method;
  const char* request;
  Code code;
  const char* pointer;
};

class HostMethodsRefuse : public testing::TestWithParam<Refused> {};

TEST_P(HostMethodsRefuse, TheRequest) {
  FetchingServices services;
  const HostCall host = make_host_call(with_everything(), services);

  const auto answer = host(GetParam().method, *parse_json(GetParam().request));

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, GetParam().code);
  EXPECT_EQ(answer.error().fields.empty() ? "" : answer.error().fields[0].pointer, GetParam().pointer);
  EXPECT_EQ(services.fetched_host, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, HostMethodsRefuse,
    testing::Values(
        Refused{"unknown_method", "docker.run/1", "{}", Code::unsupported, ""},
        Refused{"unknown_revision", "state.get/2", R"({"key": "a"})", Code::unsupported, ""},
        Refused{"no_key", "state.get/1", "{}", Code::invalid_argument, "/key"},
        Refused{"odd_key", "state.get/1", R"({"key": "a b"})", Code::invalid_argument, "/key"},
        Refused{"unknown_member", "identity.get/1", R"({"a": 1})", Code::invalid_argument, "/a"},
        Refused{"options_of_another", "options.get/1", R"({"id": "mail"})", Code::invalid_argument, "/id"},
        Refused{"secret_of_another", "secrets.get/1", R"({"name": "root"})", Code::not_found, ""},
        Refused{"option_that_is_no_secret", "secrets.get/1", R"({"name": "plain"})", Code::not_found, ""},
        Refused{"no_command", "containers.exec/1", R"({"container": "web", "command": []})",
                Code::invalid_argument, "/command"},
        Refused{"other_host", "http.fetch/1", R"({"url": "https://evil.example.org/"})", Code::forbidden, ""},
        Refused{"host_as_user", "http.fetch/1", R"({"url": "https://api.example.org@evil.example.org/"})",
                Code::invalid_argument, "/url"},
        Refused{"host_by_backslash", "http.fetch/1",
                R"({"url": "https://evil.example.org\\@api.example.org/"})", Code::invalid_argument, "/url"},
        Refused{"longer_host", "http.fetch/1", R"({"url": "https://api.example.org.evil.example/"})",
                Code::forbidden, ""},
        Refused{"other_port", "http.fetch/1", R"({"url": "https://api.example.org:22/"})",
                Code::invalid_argument, "/url"},
        Refused{"without_tls", "http.fetch/1", R"({"url": "http://api.example.org/"})",
                Code::invalid_argument, "/url"},
        Refused{"header_with_line_break", "http.fetch/1",
                R"({"url": "https://api.example.org/", "headers": {"A": "b\r\nC: d"}})",
                Code::invalid_argument, "/headers/A"}),
    [](const auto& test) { return test.param.name; });

TEST(HostMethods, FetchIsUnknownWhereTheApplicationHasNone) {
  FakeServices services;
  const HostCall host = make_host_call(with_everything(), services);

  const auto answer = host("http.fetch/1", {{"url", "https://api.example.org/"}});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unsupported);
}

TEST(HostMethods, ValueOverOneMebibyteIsTooLarge) {
  FakeServices services;
  const HostCall host = make_host_call(with_everything(), services);

  // As JSON text, with its quotes.
  const auto answer = host("state.put/1", {{"key", "a"}, {"value", std::string((1UL << 20U) - 1, 'x')}});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::too_large);
  EXPECT_TRUE(host("state.put/1", {{"key", "a"}, {"value", std::string((1UL << 20U) - 2, 'x')}}));
}

TEST(HostMethods, AllValuesTogetherAreLimitedAndReplacingCountsOnce) {
  FakeServices services;
  const HostCall host = make_host_call(with_everything(), services);
  const std::string value((1UL << 20U) - 2, 'x');
  for (int i = 0; i < 16; ++i) {
    ASSERT_TRUE(host("state.put/1", {{"key", std::to_string(i)}, {"value", value}}));
  }

  EXPECT_EQ(host("state.put/1", {{"key", "16"}, {"value", 1}}).error().code, Code::too_large);
  EXPECT_TRUE(host("state.put/1", {{"key", "15"}, {"value", value}}));
}

TEST(HostMethods, ValuesAreLimitedInNumber) {
  FakeServices services;
  const HostCall host = make_host_call(with_everything(), services);
  const std::string id = with_everything().id;
  for (int i = 0; i < 10'000; ++i) services.store.values[id + " " + std::to_string(i)] = 1;

  EXPECT_EQ(host("state.put/1", {{"key", "more"}, {"value", 1}}).error().code, Code::too_large);
  EXPECT_TRUE(host("state.put/1", {{"key", "9999"}, {"value", 2}}));
}

}  // namespace
}  // namespace cell::plugin
