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
// Its exits by the name that devices have for them, "<service>/<exit>", also while it is stopped: what
// devices send there then goes nowhere. The number comes from the container's address, which is the
// container's own as long as the service is there, so no device ever goes through another exit than its own.
std::map<std::string, hub::Exit> exits_of(const Active& service, const Frame& frame);
std::string exit_name(const std::string& service_id, const std::string& exit_id);
// Labels of the hosts that its routes need, each once, in their order.
std::vector<std::string> hosts_of(const plugin::Contributions& parts);
// Its routes that the web UI asks: "notes/api/".
std::vector<std::string> web_ui_places_of(const plugin::Contributions& parts);
// "https://notes.home.cell"; the port is left out where it is 443.
std::string url_of(const std::string& host, const Frame& frame);
// "https://notes.home.cell/" or empty: where `Open` leads.
std::string address_of(const Active& service, const Frame& frame);

}  // namespace cell::services
