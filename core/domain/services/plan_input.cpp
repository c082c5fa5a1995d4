#include "domain/services/plan_input.hpp"

#include "domain/settings/document.hpp"

namespace cell::services {

Json plan_input(const Json& root, const plugin::Manifest& manifest, const settings::ServiceEntry& entry,
                const Json& options, const Json& secrets, const std::vector<Account>& accounts) {
  const settings::Identity identity = settings::identity_of(root);
  Json list = Json::array();
  if (manifest.accounts) {
    for (const Account& account : accounts) {
      Json item = {{"person_id", account.person_id},
                   {"login", login_for(manifest, account.login, identity.domain_name)},
                   {"name", account.name},
                   {"passwords", account.password_hashes}};
      if (const auto quota = entry.quotas.find(account.person_id); quota != entry.quotas.end())
        item["quota_mb"] = quota->second;
      list.push_back(std::move(item));
    }
  }
  return {{"service", {{"id", manifest.id}, {"version", manifest.version}}},
          {"cell",
           {{"name", identity.cell_name},
            {"domain", identity.domain_name},
            {"timezone", identity.timezone},
            {"language", "en"}}},
          {"options", options},
          {"accounts", std::move(list)},
          {"secrets", secrets}};
}

std::string login_for(const plugin::Manifest& manifest, const std::string& login, const std::string& domain) {
  const bool is_address = manifest.accounts && manifest.accounts->login == "address";
  return is_address ? login + "@" + domain : login;
}

}  // namespace cell::services
