#pragma once

#include "api/api.hpp"
#include "app/foundation.hpp"
#include "app/stack.hpp"
#include "domain/dns/records.hpp"
#include "domain/dns/resolver.hpp"
#include "domain/health/part.hpp"
#include "domain/ntp/ntp.hpp"
#include "domain/settings/place.hpp"
#include "domain/vault/vault.hpp"

namespace cell::app {

// Names, time, trust and HTTPS of the cell: puts the documents of DNS server, time server and proxy into what
// the stack desires, keeps the proxy's certificate fresh with each run, and serves the routes. Made before
// the stack starts; may go once it has stopped.
class NamesParts {
 public:
  NamesParts(Foundation& foundation, Stack& stack);
  void add_routes(api::Api& api);
  [[nodiscard]] vault::Vault& vault() { return vault_; }
  // Who tells what services add to proxy and names; before the stack starts.
  void set_services(std::function<settings::ServiceParts(const Json& root)> services) {
    services_ = std::move(services);
  }
  // Whether the DNS server says where the cell is; at most 2 s.
  [[nodiscard]] bool dns_answers() const;
  // What the proxy shows, for the dashboard. Never waits for a renewal.
  [[nodiscard]] std::optional<vault::ServerInfo> certificate() const { return vault_.server(); }

 private:
  [[nodiscard]] std::string state_of(const health::Part& part) const;
  void renew_certificates(const Json& root);

  Foundation& foundation_;
  Stack& stack_;
  settings::Place place_;
  log::Logger log_;
  dns::Records records_;
  dns::Resolver resolver_;
  ntp::Ntp ntp_;
  vault::Vault vault_;
  std::function<settings::ServiceParts(const Json& root)> services_;
  std::mutex telling_;
  std::string told_;  // the last failure of a renewal that was logged
};

}  // namespace cell::app
