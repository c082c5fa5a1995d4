#include "cell/config.hpp"

#include <utility>

namespace cell::sdk {
namespace {

Account account_of(const Options& from) {
  Account account;
  account.person_id = from.line("person_id");
  account.login = from.line("login");
  account.name = from.line("name");
  if (from.has("quota_mb")) account.quota_mb = from.integer("quota_mb");
  account.passwords = from.lines("passwords");
  return account;
}

}  // namespace

Result<Config> Config::parse(const Json& document) {
  auto problems = std::make_shared<std::vector<FieldError>>();
  if (!document.is_object())
    return Error{.code = Code::invalid_argument, .message = "the configuration is not an object"};
  const Options root(document, "", problems);
  Config config(root.object("options"), root.object("secrets"));
  const Options service = root.object("service");
  config.service_ = {.id = service.line("id"), .version = service.line("version")};
  const Options cell = root.object("cell");
  config.cell_ = {.name = cell.line("name"),
                  .domain = cell.host_name("domain"),
                  .timezone = cell.line("timezone"),
                  .language = cell.line("language")};
  for (const Options& account : root.objects("accounts")) config.accounts_.push_back(account_of(account));
  if (problems->empty()) return config;
  return Error{.code = Code::invalid_argument,
               .message = "the configuration is not what the cell sends",
               .fields = *problems};
}

}  // namespace cell::sdk
