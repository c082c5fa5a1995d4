#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/secret.hpp"

namespace cell::setup {

// What the wizard asks.
struct Answers {
  std::string cell_name;
  std::string domain_mode = "local";
  std::string timezone = "UTC";
  std::string endpoint{};  // empty: the machine's own address
  std::string admin_name;
  std::optional<Secret> admin_password{};  // none: one is generated (unattended only)
  std::optional<std::string> first_device{};
};

// JSON Schema of the body of POST /api/setup/complete.
Json answers_schema();

// From a body that the schema has been checked against.
Answers answers_of(const Json& body);

// The file of `celld setup --answers FILE`: the same members in YAML, without setup_code; admin.password may
// be missing.
Result<Answers> parse_answers(std::string_view yaml);

}  // namespace cell::setup
