#include "app/names_parts.hpp"

#include "api/dns_routes.hpp"
#include "api/ntp_routes.hpp"
#include "api/vault_routes.hpp"
#include "app/lan_address.hpp"
#include "domain/dns/document.hpp"
#include "domain/proxy/document.hpp"

namespace cell::app {

NamesParts::NamesParts(Foundation& foundation, Stack& stack)
    : foundation_(foundation),
      stack_(stack),
      place_{stack.settings(), {}},
      log_(foundation.logs.logger("vault")),
      records_(*foundation.config),
      resolver_(*foundation.config, place_),
      ntp_({*foundation.config, *foundation.engine, foundation.clock, place_}),
      vault_({*foundation.sealed, foundation.clock, stack.names().caddy_config / "certificates"}) {
  if (foundation.setup_complete()) renew_certificates(foundation.config->snapshot()->root);
  stack.contribute([this](const Json& root, reconcile::Desired& desired) -> Result<void> {
    settings::Place place = place_;
    place.lan_address = lan_address_of(root);
    if (services_) place.services = services_(root);
    renew_certificates(root);
    desired.documents.push_back(dns::dns_document(root, place));
    desired.documents.push_back(ntp::ntp_document(root, place));
    desired.caddy = proxy::caddy_document(root, place, vault_.files());
    return {};
  });
}

// A failure is told once, not with every run; what is there goes on being
// served.
void NamesParts::renew_certificates(const Json& root) {
  const auto renewed = vault_.renew_if_due(root);
  const std::lock_guard lock(telling_);
  if (renewed) {
    told_.clear();
    if (*renewed) log_.info("certificate issued", {{"not_after", format_time(vault_.server()->not_after)}});
    return;
  }
  if (renewed.error().message == told_) return;
  told_ = renewed.error().message;
  log_.error("certificate cannot be renewed, the one that is there stays",
             {{"reason", told_}, {"hint", renewed.error().hint}});
}

std::string NamesParts::state_of(const health::Part& part) const {
  const auto stopped = settings::stopped_containers_of(foundation_.config->snapshot()->root);
  return health::health_of(part, stack_.states(), stopped).state;
}

bool NamesParts::dns_answers() const {
  const auto name = settings::identity_of(foundation_.config->snapshot()->root).domain_name;
  const auto answer = resolver_.look_up(name, "A");
  return answer && !answer->entries.empty();
}

void NamesParts::add_routes(api::Api& api) {
  const auto dns_state = [this] { return state_of({"dns", stack_.names().dns, "coredns"}); };
  const auto ntp_state = [this] { return state_of({"ntp", stack_.names().ntp, "chrony"}); };
  api.add(api::dns_routes({*foundation_.config, records_, resolver_, place_, dns_state}));
  api.add(api::ntp_routes(*foundation_.config, ntp_, place_.core.ntp_port, ntp_state));
  api.add(api::vault_routes(vault_));
  api.add(api::proxy_routes(*foundation_.config, vault_, place_));
}

}  // namespace cell::app
