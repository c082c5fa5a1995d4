#include "api/auth_gate.hpp"
#include "api/services_routes.hpp"
#include "domain/services/plan_input.hpp"
#include "domain/settings/document.hpp"

namespace cell::api {

namespace {

using services::Active;

Json password_schema(bool with_text) {
  std::vector<std::pair<std::string, Json>> members{
      {"id", schema::string()},    {"person_id", schema::string()}, {"person", schema::string()},
      {"login", schema::string()}, {"label", schema::string()},     {"created_at", schema::time()}};
  if (with_text) members.emplace_back("password", schema::string());
  return schema::object(std::move(members));
}

// The manifest of an installed service that has accounts.
Result<plugin::Manifest> manifest_of(const ServicesParts& parts, const std::string& id) {
  const auto running = parts.services.runtime().find(id);
  if (!running || !settings::service_of(parts.config.snapshot()->root, id))
    return Error{Code::not_found, "the service '" + id.substr(0, 64) + "' is not installed"};
  if (!running->package.manifest.accounts)
    return Error{Code::unsupported, "the service '" + id + "' has no accounts"};
  return running->package.manifest;
}

struct Known {
  std::map<std::string, services::Account> accounts;  // by person
  plugin::Manifest manifest;
  std::string domain;
  [[nodiscard]] std::string login(const std::string& person_id) const {
    const auto found = accounts.find(person_id);
    return found == accounts.end() ? std::string()
                                   : services::login_for(manifest, found->second.login, domain);
  }
};

Result<Known> known(const ServicesParts& parts, const std::string& id) {
  Known known{
      {}, CELL_TRY(manifest_of(parts, id)), settings::identity_of(parts.config.snapshot()->root).domain_name};
  for (services::Account& account : CELL_TRY(parts.services.accounts().of_service(id)))
    known.accounts[account.person_id] = std::move(account);
  return known;
}

Json password_json(const services::AppPassword& password, const Known& known) {
  const auto account = known.accounts.find(password.person_id);
  return {{"id", password.id},
          {"person_id", password.person_id},
          {"person", account == known.accounts.end() ? "" : account->second.name},
          {"login", known.login(password.person_id)},
          {"label", password.label},
          {"created_at", password.created_at}};
}

Result<http::Response> list_passwords(const ServicesParts& parts, const Context& context) {
  const std::string id = context.param("id");
  const Known all = CELL_TRY(known(parts, id));
  Json items = Json::array();
  for (const services::AppPassword& password : CELL_TRY(parts.services.accounts().passwords(id))) {
    if (context.principal->is_admin || password.person_id == context.principal->user_id)
      items.push_back(password_json(password, all));
  }
  return http::Response::json({{"items", std::move(items)}});
}

Result<http::Response> issue(const ServicesParts& parts, const Context& context) {
  const std::string id = context.param("id");
  const std::string person = json_string(context.body, "person_id", context.principal->user_id);
  if (person != context.principal->user_id && !context.principal->is_admin)
    return Error{Code::forbidden, "only an administrator may make app passwords for others",
                 "leave person_id out to make one for yourself"};
  CELL_TRY(manifest_of(parts, id));
  const auto issued = CELL_TRY(parts.services.issue_password(id, person, json_string(context.body, "label")));
  Json answer = password_json(issued.about, CELL_TRY(known(parts, id)));
  answer["password"] = std::string(issued.password.reveal());
  return http::Response::json(answer);
}

Result<http::Response> revoke(const ServicesParts& parts, const Context& context) {
  const std::string id = context.param("id");
  const auto password = CELL_TRY(parts.services.accounts().find(id, context.param("password_id")));
  if (password.person_id != context.principal->user_id && !context.principal->is_admin)
    return Error{Code::not_found, "there is no such app password"};
  CELL_TRY(parts.services.revoke_password(id, password.id));
  return http::Response::empty();
}

Json account_json(const services::Account& account, const Known& known, const settings::ServiceEntry& entry) {
  Json item = {{"person_id", account.person_id},
               {"name", account.name},
               {"login", known.login(account.person_id)},
               {"passwords", account.password_hashes.size()}};
  if (const auto quota = entry.quotas.find(account.person_id); quota != entry.quotas.end())
    item["quota_mb"] = quota->second;
  return item;
}

Result<Json> accounts_json(const ServicesParts& parts, const std::string& id, const std::string& only) {
  const Known all = CELL_TRY(known(parts, id));
  const auto entry = settings::service_of(parts.config.snapshot()->root, id);
  Json items = Json::array();
  for (const auto& [person_id, account] : all.accounts) {
    if (only.empty() || only == person_id)
      items.push_back(account_json(account, all, entry.value_or(settings::ServiceEntry{})));
  }
  if (!only.empty() && items.empty()) return Error{Code::not_found, "there is no such person"};
  return items;
}

Result<http::Response> set_quota(const ServicesParts& parts, const Context& context) {
  const std::string id = context.param("id");
  if (!CELL_TRY(manifest_of(parts, id)).accounts->quota)
    return Error{Code::unsupported, "the service '" + id + "' has no size limits"};
  std::optional<std::int64_t> quota;
  if (context.body.contains("quota_mb") && context.body["quota_mb"].is_number_integer())
    quota = context.body["quota_mb"].get<std::int64_t>();
  const std::string person = context.param("person_id");
  CELL_TRY(
      parts.services.set_quota(id, person, quota, commit_options(context, "quota in '" + id + "' changed")));
  return http::Response::json(CELL_TRY(accounts_json(parts, id, person)).front());
}

Json account_schema() {
  return schema::object({{"person_id", schema::string()},
                         {"name", schema::string()},
                         {"login", schema::string()},
                         {"quota_mb?", schema::integer(1, INT64_MAX)},
                         {"passwords", schema::integer(0, INT64_MAX)}});
}

}  // namespace

std::vector<Route> service_accounts_routes(const ServicesParts& parts) {
  const std::string passwords = "/api/services/{id}/app-passwords";
  Route listing{"GET", passwords, Access::session, "services",
                "Lists app passwords: one's own, an administrator's all"};
  listing.response = schema::collection(password_schema(false));
  listing.handle = [parts](const Context& context) { return list_passwords(parts, context); };
  Route making{"POST", passwords, Access::session, "services",
               "Makes an app password; it is shown only here"};
  making.request = schema::object({{"label", schema::string(256, 1)}, {"person_id?", schema::string()}});
  making.response = password_schema(true);
  making.success = 201;
  making.handle = [parts](const Context& context) { return issue(parts, context); };
  Route revoking{"DELETE", passwords + "/{password_id}", Access::session, "services",
                 "Revokes an app password"};
  revoking.success = 204;
  revoking.handle = [parts](const Context& context) { return revoke(parts, context); };

  const std::string accounts = "/api/services/{id}/accounts";
  Route all{"GET", accounts, Access::admin, "services", "Lists the accounts in a service"};
  all.response = schema::collection(account_schema());
  all.handle = [parts](const Context& context) -> Result<http::Response> {
    return http::Response::json({{"items", CELL_TRY(accounts_json(parts, context.param("id"), {}))}});
  };
  Route one{"GET", accounts + "/{person_id}", Access::session, "services",
            "Shows one's account in a service; an administrator anybody's"};
  one.response = account_schema();
  one.handle = [parts](const Context& context) -> Result<http::Response> {
    if (!context.principal->is_admin && context.param("person_id") != context.principal->user_id)
      return Error{Code::not_found, "there is no such person"};
    return http::Response::json(
        CELL_TRY(accounts_json(parts, context.param("id"), context.param("person_id"))).front());
  };
  Route setting{"PUT", accounts + "/{person_id}", Access::admin, "services",
                "Sets the size limit of an account"};
  setting.request = schema::object({{"quota_mb?", schema::nullable(schema::integer(1, 100'000'000))}});
  setting.response = account_schema();
  setting.handle = [parts](const Context& context) { return set_quota(parts, context); };
  return {listing, making, revoking, all, one, setting};
}

}  // namespace cell::api
