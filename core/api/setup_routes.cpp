#include "api/setup_routes.hpp"

#include "api/origin.hpp"
#include "api/session_cookie.hpp"
#include "domain/identity/password_rules.hpp"

namespace cell::api {

namespace {

Result<void> check_code(setup::SetupService& setup, const Context& context) {
  if (is_at_this_machine(context.request)) return {};
  return setup.check_code(json_string(context.body, "setup_code"), context.request.remote_address);
}

Result<http::Response> complete(setup::SetupService& setup, identity::Identity& identity,
                                const Context& context) {
  CELL_TRY(check_code(setup, context));
  const setup::Answers answers = setup::answers_of(context.body);
  const setup::Completed completed = CELL_TRY(setup.complete_with(answers));
  identity.audit().record(
      {0, {}, answers.admin_name, "setup.complete", answers.cell_name, "ok", context.request.remote_address});
  const identity::Login login =
      CELL_TRY(identity.start_session(completed.admin_id, origin_of(context.request)));
  Json answer = {{"job_id", completed.job_id},
                 {"session", session_json(login.person, login.session, login.token.reveal())}};
  if (completed.peer_id) answer["peer_id"] = *completed.peer_id;
  http::Response response = http::Response::json(answer);
  set_session_cookie(response, context.request, login.token);
  return response;
}

Json state_schema() {
  const Json defaults = schema::object({{"cell_name", schema::string()},
                                        {"domain_mode", schema::one_of({"local"})},
                                        {"timezone", schema::string()},
                                        {"endpoint", schema::string()}});
  return schema::object({{"complete", schema::boolean()},
                         {"code_required", schema::boolean()},
                         {"defaults", defaults},
                         {"timezones", schema::array(schema::string(), 2000)}});
}

Json preflight_schema() {
  const Json check = schema::object({{"id", schema::string()},
                                     {"title", schema::string()},
                                     {"state", schema::one_of({"ok", "warning", "problem"})},
                                     {"detail", schema::string(4096)},
                                     {"cause?", schema::string(4096)},
                                     {"fix?", schema::string(4096)}});
  return schema::object({{"ok", schema::boolean()}, {"checks", schema::array(check)}});
}

}  // namespace

std::vector<Route> setup_routes(setup::SetupService& setup, identity::Identity& identity) {
  Route state{"GET", "/api/setup", Access::setup, "setup", "Shows what the set-up wizard starts with"};
  state.response = state_schema();
  state.handle = [&setup](const Context& context) -> Result<http::Response> {
    return http::Response::json(setup.state(!is_at_this_machine(context.request)));
  };

  Route preflight{"POST", "/api/setup/preflight", Access::setup, "setup",
                  "Checks whether this machine is fit for a cell"};
  preflight.request = schema::object({{"setup_code?", schema::string(64)}});
  preflight.response = preflight_schema();
  preflight.csrf = false;
  preflight.handle = [&setup](const Context& context) -> Result<http::Response> {
    CELL_TRY(check_code(setup, context));
    return http::Response::json(setup.preflight());
  };

  Route completing{"POST", "/api/setup/complete", Access::setup, "setup", "Sets the cell up, once"};
  completing.request = setup::answers_schema();
  completing.response = schema::object(
      {{"job_id", schema::string()}, {"session", session_schema()}, {"peer_id?", schema::string()}});
  completing.success = 202;
  completing.csrf = false;
  completing.handle = [&setup, &identity](const Context& context) {
    return complete(setup, identity, context);
  };
  return {state, preflight, completing};
}

setup::Admins setup_admins(identity::Identity& identity) {
  setup::Admins admins;
  admins.check = [&identity](const std::string& name, const Secret& password, const std::string& cell_name,
                             const std::string& pointer) {
    return identity.people().check({name, true, password}, cell_name, pointer);
  };
  admins.prepare = [&identity](const std::string& name,
                               const Secret& password) -> Result<setup::Admins::Prepared> {
    identity::PreparedPerson person = CELL_TRY(identity.people().prepare({name, true, password}));
    return setup::Admins::Prepared{std::move(person.id), std::move(person.entry)};
  };
  admins.discard = [&identity](const std::string& id) { identity.people().discard(id); };
  admins.generate_password = identity::generate_password;
  admins.remember_generated = [&identity](const std::string& id, const Secret& password) {
    return identity.remember_generated_password(id, password);
  };
  return admins;
}

}  // namespace cell::api
