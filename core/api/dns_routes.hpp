#pragma once

#include <functional>
#include <vector>

#include "api/route.hpp"
#include "config/store.hpp"
#include "domain/dns/records.hpp"
#include "domain/dns/resolver.hpp"
#include "domain/settings/place.hpp"

namespace cell::api {

// What the routes of names are made of; all references outlive them.
struct DnsParts {
  config::Store& config;
  dns::Records& records;
  dns::Resolver& resolver;
  settings::Place place;
  std::function<std::string()> state;  // of the DNS server: "ok", "degraded", "down", "pending"
};

// /api/network/dns with its records and look-ups, for administrators.
std::vector<Route> dns_routes(const DnsParts& parts);

}  // namespace cell::api
