#include "app/control.hpp"

#include "api/problem.hpp"

namespace cell::app {

namespace {

constexpr std::size_t kMaxBody = 64 * 1024;  // an answers file is far below

Result<std::string> set_up(setup::SetupService& setup, identity::Audit& audit, const std::string& yaml) {
  const setup::Answers answers = CELL_TRY(setup::parse_answers(yaml));
  const setup::Completed completed = CELL_TRY(setup.complete_with(answers));
  audit.record({0, {}, answers.admin_name, "setup.complete", answers.cell_name, "ok", {}});
  std::string text =
      "The cell '" + answers.cell_name + "' is set up; administrator: " + answers.admin_name + "\n";
  if (completed.generated_password) {
    text += "Password: " + std::string(completed.generated_password->reveal()) + "\n";
  }
  return text;
}

Result<std::string> answer(const Control& control, const http::Request& request) {
  if (request.method != "POST") return Error{Code::invalid_argument, "only POST is understood here"};
  if (request.path == "/setup") return control.setup(request.body);
  if (request.path == "/show-admin-password") return control.show_admin_password();
  if (request.path == "/reset-admin-password") return control.reset_admin_password(request.body);
  if (request.path == "/setup-code") return control.setup_code();
  return Error{Code::not_found, "there is no such verb"};
}

}  // namespace

Control make_control(setup::SetupService& setup, identity::Identity& identity) {
  Control control;
  control.setup = [&setup, &identity](const std::string& yaml) {
    return set_up(setup, identity.audit(), yaml);
  };
  control.show_admin_password = [&identity]() -> Result<std::string> {
    return std::string(CELL_TRY(identity.generated_admin_password()).reveal()) + "\n";
  };
  control.reset_admin_password = [&identity](const std::string& name) -> Result<std::string> {
    return std::string(CELL_TRY(identity.reset_admin_password(name)).reveal()) + "\n";
  };
  control.setup_code = [&setup]() -> Result<std::string> {
    if (setup.complete())
      return Error{Code::conflict,
                   "this cell is set up already, there is no setup code any more",
                   "log in",
                   {},
                   "setup_complete"};
    return CELL_TRY(setup.code()) + "\n";
  };
  return control;
}

std::filesystem::path control_socket(const std::filesystem::path& directory) {
  return directory / "config/api/control.sock";
}

http::Handler control_handler(Control control) {
  return [control = std::move(control)](const http::Request& request) {
    auto text = answer(control, request);
    if (!text) return api::problem(text.error(), request.id);
    return http::Response::text(std::move(text).value());
  };
}

Result<std::unique_ptr<http::Server>> serve_control(Control control, const std::filesystem::path& directory,
                                                    log::Logger log) {
  http::Server::Options options;
  options.listeners = {{.address = "unix:" + control_socket(directory).string(), .unix_mode = 0600}};
  options.limits.max_body_bytes = kMaxBody;
  options.limits.max_connections = 16;
  options.workers = 1;
  options.log = std::move(log);
  return http::Server::start(std::move(options), control_handler(std::move(control)));
}

}  // namespace cell::app
