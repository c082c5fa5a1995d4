#pragma once

#include <vector>

#include "api/peers_parts.hpp"
#include "api/route.hpp"

namespace cell::api {

// /api/peers: the devices. A person who is not an administrator sees and manages their own; any other is
// not_found.
std::vector<Route> peers_routes(const PeersParts& parts);
// Their configurations and QR codes, enrolment links, traffic and diagnosis.
std::vector<Route> peer_config_routes(const PeersParts& parts);
std::vector<Route> peer_insight_routes(const PeersParts& parts);

// The device of the path, if the caller may see it; not_found otherwise.
Result<peers::Peer> peer_in_reach(const PeersParts& parts, const Context& context);
Json peer_json(const PeersParts& parts, const peers::Peer& peer, const Json& root);
Json peer_schema(bool with_config);

}  // namespace cell::api
