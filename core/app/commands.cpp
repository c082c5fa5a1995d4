#include "app/commands.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include "app/offline.hpp"
#include "base/atomic_file.hpp"
#include "base/unix_http.hpp"

namespace cell::app {

namespace {

constexpr std::chrono::milliseconds kLimit{60'000};  // a password hash on a small machine, several callers
constexpr std::size_t kMaxAnswers = 64 * 1024;

// The failure that a problem document tells of.
Error from_problem(const UnixHttpReply& reply) {
  const auto document = parse_json(reply.body);
  if (!document) return Error{Code::internal, "celld answered with status " + std::to_string(reply.status)};
  Error error{Code::internal, json_string(*document, "detail", "celld refused"),
              json_string(*document, "hint")};
  for (const Json& field : json_member(*document, "errors")) {
    error.fields.push_back({json_string(field, "pointer"), json_string(field, "detail")});
  }
  return error;
}

Result<std::string> call(const Control& control, const std::string& verb, const std::string& argument) {
  if (verb == "setup") return control.setup(argument);
  if (verb == "show-admin-password") return control.show_admin_password();
  if (verb == "reset-admin-password") return control.reset_admin_password(argument);
  if (verb == "setup-code") return control.setup_code();
  return Error{Code::internal, "unknown verb '" + verb + "'"};
}

Result<std::string> read_input(const std::string& file) {
  if (file != "-") return read_file(file, kMaxAnswers);
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  if (text.size() > kMaxAnswers) return Error{Code::too_large, "the answers are larger than 64 KiB"};
  return text;
}

std::string health_text(const Json& health) {
  std::string text = json_string(health, "status") + "\n";
  for (const Json& component : json_member(health, "components")) {
    text += "  " + json_string(component, "name") + ": " + json_string(component, "state");
    const std::string detail = json_string(component, "detail");
    text += detail.empty() ? "\n" : " (" + detail + ")\n";
  }
  return text;
}

}  // namespace

Result<std::string> run_verb(const settings::Environment& environment, const std::string& verb,
                             const std::string& argument) {
  const auto reply = unix_http({.socket = control_socket(environment.directory),
                                .method = "POST",
                                .target = "/" + verb,
                                .body = argument,
                                .headers = {{"Content-Type", "text/plain"}},
                                .limit = kLimit});
  if (reply && reply->status == 200) return reply->body;
  if (reply) return from_problem(*reply);
  if (reply.error().code != Code::unavailable && reply.error().code != Code::not_found) return reply.error();
  const auto offline = CELL_TRY(Offline::open(environment));
  return call(offline->control(), verb, argument);
}

Result<std::string> run_setup(const settings::Environment& environment, const std::string& file) {
  return run_verb(environment, "setup", CELL_TRY(read_input(file)));
}

Result<std::string> run_health(const settings::Environment& environment) {
  const auto reply =
      CELL_TRY_DOING(unix_http({.socket = environment.directory / "run/celld.sock", .target = "/health"}),
                     "celld does not answer");
  if (reply.status != 200) return from_problem(reply);
  const Json health = CELL_TRY(parse_json(reply.body));
  if (!json_bool(health, "ready"))
    return Error{Code::unavailable, "celld is not ready yet: " + json_string(health, "status")};
  return health_text(health);
}

}  // namespace cell::app
