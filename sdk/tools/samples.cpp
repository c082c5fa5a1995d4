#include "samples.hpp"

#include <algorithm>
#include <optional>

#include "plugin/options.hpp"

namespace cell::tool {
namespace {

using plugin::Manifest;

constexpr std::size_t kMaxSamples = 64;

// A value that the schema of one option may take; null where none can be made up.
std::optional<Json> made_up(const Json& schema) {
  if (schema.contains("default")) return schema["default"];
  if (const Json& examples = json_member(schema, "examples"); examples.is_array() && !examples.empty())
    return examples.front();
  if (const Json& choices = json_member(schema, "enum"); !choices.empty()) return choices.front();
  const std::string type = json_string(schema, "type");
  if (type == "boolean") return Json(false);
  if (type == "integer" || type == "number") return Json(json_int(schema, "minimum", 1));
  if (type == "array" && json_int(schema, "minItems") == 0) return Json::array();
  if (type == "object" && json_member(schema, "required").empty()) return Json::object();
  if (type != "string" || schema.contains("pattern")) return {};
  std::string text = "example";
  text.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(7, json_int(schema, "minLength"),
                                                                json_int(schema, "maxLength", 7))),
              'x');
  return Json(text);
}

Result<Json> base_options(const Manifest& manifest) {
  Json options = Json::object();
  const Json& properties = json_member(manifest.options, "properties");
  for (const Json& name : json_member(manifest.options, "required")) {
    const std::string key = name.is_string() ? name.get<std::string>() : std::string();
    const auto value = made_up(json_member(properties, key));
    if (!value)
      return field_error("/options/properties/" + key, "needs a default or an example",
                         "add `examples: […]`, which the web UI shows in the form as well");
    options[key] = *value;
  }
  return plugin::complete_options(manifest, options);
}

Json example_secrets(const Manifest& manifest) {
  Json secrets = Json::object();
  for (const plugin::SecretWish& wish : manifest.secrets) {
    if (wish.kind == "random") {
      secrets[wish.name] = "pF3kq0Zt7Yb1Xc9Vn5Md2Ls8Jh4Gr6Wa-Qe_Tu0Io1P";
      continue;
    }
    secrets[wish.name] = "-----BEGIN PRIVATE KEY-----\nRVhBTVBMRQ==\n-----END PRIVATE KEY-----\n";
    if (wish.kind == "certificate")
      secrets[wish.name + "_chain"] =
          "-----BEGIN CERTIFICATE-----\nRVhBTVBMRQ==\n-----END CERTIFICATE-----\n";
    else
      secrets[wish.name + "_public"] = "RVhBTVBMRQ==";
  }
  return secrets;
}

std::string example_hash(const std::string& kind) {
  if (kind == "bcrypt") return "$2b$10$abcdefghijklmnopqrstuuO3k1Yp5aQmE3qzRrVJ8XnZp3n6V0J7m";
  if (kind == "ssha512") return "{SSHA512}" + std::string(86, 'A') + "==";
  return "$6$abcdefgh$" + std::string(86, 'x');
}

Json example_accounts(const Manifest& manifest, const std::string& domain) {
  if (!manifest.accounts) return Json::array();
  const bool by_address = manifest.accounts->login == "address";
  Json ada = {{"person_id", "person-1"},
              {"login", by_address ? "ada@" + domain : "ada"},
              {"name", "Ada"},
              {"passwords", {example_hash(manifest.accounts->hash), example_hash(manifest.accounts->hash)}}};
  if (manifest.accounts->quota) ada["quota_mb"] = 500;
  return {ada,
          {{"person_id", "person-2"},
           {"login", by_address ? "zoe@" + domain : "zoe"},
           {"name", "Zo\u00eb \"Z\" O'Neil"},
           {"passwords", Json::array()}}};
}

Json config_of(const Manifest& manifest, const Json& options, bool with_accounts) {
  const std::string domain = "home.cell";
  return {{"service", {{"id", manifest.id}, {"version", manifest.version}}},
          {"cell", {{"name", "home"}, {"domain", domain}, {"timezone", "Europe/Berlin"}, {"language", "en"}}},
          {"options", options},
          {"accounts", with_accounts ? example_accounts(manifest, domain) : Json::array()},
          {"secrets", example_secrets(manifest)}};
}

// The other values that are worth a try: switches, choices, bounds.
std::vector<Json> alternatives(const Json& schema, const Json& now) {
  std::vector<Json> values;
  if (json_string(schema, "type") == "boolean") values.push_back(!(now.is_boolean() && now.get<bool>()));
  for (const Json& choice : json_member(schema, "enum")) values.push_back(choice);
  for (const Json& example : json_member(schema, "examples")) values.push_back(example);
  for (const char* bound : {"minimum", "maximum"}) {
    if (schema.contains(bound)) values.push_back(schema[bound]);
  }
  return values;
}

}  // namespace

Result<std::vector<Sample>> samples_of(const Manifest& manifest) {
  const Json base = CELL_TRY(base_options(manifest));
  std::vector<Sample> samples{{"defaults", config_of(manifest, base, false)}};
  if (manifest.accounts) samples.push_back({"with accounts", config_of(manifest, base, true)});
  for (const auto& [name, schema] : json_member(manifest.options, "properties").items()) {
    for (const Json& value : alternatives(schema, base.value(name, Json()))) {
      Json options = base;
      options[name] = value;
      const bool is_new = base.value(name, Json()) != value;
      if (!is_new || samples.size() == kMaxSamples || !plugin::complete_options(manifest, options)) continue;
      samples.push_back({name + " = " + dump_json(value), config_of(manifest, options, true)});
    }
  }
  return samples;
}

std::vector<HostileSample> hostile_samples_of(const Manifest& manifest, const Json& base) {
  std::vector<HostileSample> samples;
  for (const auto& [name, schema] : json_member(manifest.options, "properties").items()) {
    if (json_string(schema, "type") != "string" || json_bool(schema, "x-multiline")) continue;
    Json config = base;
    config["options"][name] = std::string("one\n") + kSecondLine;
    if (plugin::complete_options(manifest, config["options"])) samples.push_back({name, std::move(config)});
  }
  return samples;
}

}  // namespace cell::tool
