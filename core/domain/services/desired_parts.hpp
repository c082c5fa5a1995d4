#pragma once

#include <vector>

#include "caddy/admin.hpp"
#include "coredns/zone.hpp"
#include "domain/services/active.hpp"
#include "hub/document.hpp"
#include "reconcile/desired.hpp"

// From what a service contributes to what the cell should be made of. Pure.
namespace cell::services {

// Its volumes, containers and files.
void add_to(reconcile::Desired& desired, const Active& service, const Frame& frame);

// Its places at the proxy; none while it is stopped or not published.
std::vector<caddy::Route> routes_of(const Active& service, const Frame& frame);
// Its records beside its hosts' addresses.
std::vector<coredns::Record> records_of(const Active& service);
// The ports that the hub passes on.
std::vector<hub::Forward> forwards_of(const Active& service);
// Labels of the hosts that its routes need, each once, in their order.
std::vector<std::string> hosts_of(const plugin::Contributions& parts);
// Its routes that the web UI asks: "notes/api/".
std::vector<std::string> web_ui_places_of(const plugin::Contributions& parts);
// "https://notes.home.cell"; the port is left out where it is 443.
std::string url_of(const std::string& host, const Frame& frame);
// "https://notes.home.cell/" or empty: where `Open` leads.
std::string address_of(const Active& service, const Frame& frame);

}  // namespace cell::services
