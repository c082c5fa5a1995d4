#pragma once

#include "api/dns_routes.hpp"
#include "api/ntp_routes.hpp"
#include "api/vault_routes.hpp"
#include "unit/support/fake_engine.hpp"
#include "unit/support/place.hpp"

namespace cell::api::test {

// Names, time and trust over the configuration of a cell in a test.
struct NamesState {
  config::Store& config;
  settings::Place place = cell::test::sample_place();
  cell::test::FakeEngine engine;
  dns::Records records{config};
  dns::Resolver resolver;
  ntp::Ntp ntp;
  vault::Vault vault;
  coredns::Answer dns_answer;

  NamesState(config::Store& store, config::SealedStore& sealed, const Clock& clock,
             const std::filesystem::path& directory)
      : config(store),
        resolver(store, place,
                 [this](const coredns::Question&) -> Result<coredns::Answer> { return dns_answer; }),
        ntp({store, engine, clock, place}),
        vault({sealed, clock, directory / "certificates"}) {}

  void add_routes(Api& api) {
    const auto state = [] { return std::string("ok"); };
    api.add(dns_routes({config, records, resolver, place, state}));
    api.add(ntp_routes(config, ntp, place.core.ntp_port, state));
    api.add(vault_routes(vault));
    api.add(proxy_routes(config, vault, place));
  }
};

}  // namespace cell::api::test
