#include "domain/setup/answers.hpp"

#include "base/schema.hpp"
#include "base/yaml.hpp"

namespace cell::setup {

namespace {

constexpr std::size_t kMaxPassword = 4096;  // characters; the rule of 1,024 gives the better message

Json text(std::size_t max) { return {{"type", "string"}, {"maxLength", max}}; }

Json object(const Json& properties, const Json& required) {
  return {{"type", "object"},
          {"properties", properties},
          {"required", required},
          {"additionalProperties", false}};
}

}  // namespace

Json answers_schema() {
  const Json domain = object({{"mode", {{"type", "string"}, {"enum", {"local"}}}}}, {"mode"});
  const Json admin = object({{"name", text(256)}, {"password", text(kMaxPassword)}}, {"name", "password"});
  return object({{"setup_code", text(64)},
                 {"cell_name", text(256)},
                 {"domain", domain},
                 {"timezone", text(256)},
                 {"endpoint", text(256)},
                 {"admin", admin},
                 {"first_device", object({{"name", text(256)}}, {"name"})}},
                {"cell_name", "domain", "timezone", "admin"});
}

Answers answers_of(const Json& body) {
  const Json& admin = json_member(body, "admin");
  Answers answers;
  answers.cell_name = json_string(body, "cell_name");
  answers.domain_mode = json_string(json_member(body, "domain"), "mode", "local");
  answers.timezone = json_string(body, "timezone", "UTC");
  answers.endpoint = json_string(body, "endpoint");
  answers.admin_name = json_string(admin, "name");
  if (admin.contains("password")) answers.admin_password = Secret(json_string(admin, "password"));
  if (body.contains("first_device")) answers.first_device = json_string(body["first_device"], "name");
  return answers;
}

Result<Answers> parse_answers(std::string_view yaml) {
  const Json document = CELL_TRY(parse_yaml(yaml));
  Json schema = answers_schema();
  schema["properties"].erase("setup_code");
  schema["properties"]["admin"]["required"] = {"name"};
  schema["required"] = {"cell_name", "admin"};
  const Schema checked = CELL_TRY(Schema::compile(schema));
  CELL_TRY(checked.check(document));
  return answers_of(document);
}

}  // namespace cell::setup
