#include "api/enrol_routes.hpp"

#include "domain/identity/source.hpp"
#include "domain/settings/document.hpp"

namespace cell::api {

namespace {

using peers::Peer;

struct Enrolment {
  PeersParts parts;
  identity::Identity& identity;
  std::shared_ptr<peers::AddressLimit> limit;
};

Result<void> admit(const Enrolment& enrolment, const Context& context) {
  return enrolment.limit->admit(identity::source_key(context.request.remote_address));
}

// A device that was switched off or has expired would get a configuration that does nothing.
Result<Peer> peer_of(const Enrolment& enrolment, const peers::Link& link) {
  Peer peer = CELL_TRY(enrolment.parts.peers.find(link.peer_id));
  if (peer.enabled && !peer.is_expired(enrolment.parts.live.now())) return peer;
  return Error{Code::not_found, "this link does not work (any more)", "ask for a new one"};
}

Result<http::Response> look(const Enrolment& enrolment, const Context& context) {
  CELL_TRY(admit(enrolment, context));
  const auto link = CELL_TRY(enrolment.parts.links.find(context.param("token")));
  const Peer peer = CELL_TRY(peer_of(enrolment, link));
  const auto snapshot = enrolment.parts.peers.configuration();
  return http::Response::json({{"peer_name", peer.name},
                               {"cell_name", settings::identity_of(snapshot->root).cell_name},
                               {"expires_at", format_time(link.expires_at)},
                               {"key_needed", !enrolment.parts.peers.has_private_key(peer)}});
}

// With a key of the browser's own, the one that the cell holds, or else a pair that the cell makes and does
// not keep.
Result<peers::Configured> equip(const Enrolment& enrolment, const Peer& peer, const std::string& public_key) {
  peers::Peers& devices = enrolment.parts.peers;
  if (public_key.empty() && devices.has_private_key(peer)) return devices.take_config(peer.id);
  return devices.rekey(peer.id, public_key, peers::PrivateKey::forget,
                       {"enrolment link", "device '" + peer.name + "' enrolled", {}});
}

void record(const Enrolment& enrolment, const Context& context, const Peer& peer, const std::string& result) {
  enrolment.identity.audit().record({0,
                                     {},
                                     "enrolment link",
                                     "POST /api/enrol/{token}",
                                     "/api/peers/" + peer.id,
                                     result,
                                     context.request.remote_address});
}

Result<http::Response> take(const Enrolment& enrolment, const Context& context) {
  CELL_TRY(admit(enrolment, context));
  const std::string public_key = json_string(context.body, "public_key");
  if (context.body.contains("public_key") && public_key.empty())
    return field_error("/public_key", "the key is empty");
  const auto link = CELL_TRY(enrolment.parts.links.claim(context.param("token")));
  const auto peer = peer_of(enrolment, link);
  auto equipped = peer ? equip(enrolment, *peer, public_key) : Result<peers::Configured>(peer.error());
  if (!equipped) {
    // What is refused changes nothing: the link works again.
    CELL_TRY(enrolment.parts.links.give_back(link));
    return std::move(equipped).error();
  }
  record(enrolment, context, *peer, "ok");
  return http::Response::json({{"config", equipped->config.reveal()}});
}

}  // namespace

std::vector<Route> enrol_routes(const PeersParts& parts, identity::Identity& identity,
                                std::shared_ptr<peers::AddressLimit> limit) {
  const Enrolment enrolment{parts, identity, std::move(limit)};
  Route looking{"GET", "/api/enrol/{token}", Access::open, "enrol", "Says what an enrolment link is for"};
  looking.response = schema::object({{"peer_name", schema::string()},
                                     {"cell_name", schema::string()},
                                     {"expires_at", schema::time()},
                                     {"key_needed", schema::boolean()}});
  looking.handle = [enrolment](const Context& context) { return look(enrolment, context); };

  Route taking{"POST", "/api/enrol/{token}", Access::open, "enrol",
               "Gives the device its configuration and uses the link up"};
  taking.request = schema::object({{"public_key?", schema::string(64)}});
  taking.response = schema::object({{"config", schema::text(8192)}});
  taking.csrf = false;
  taking.handle = [enrolment](const Context& context) { return take(enrolment, context); };
  return {looking, taking};
}

}  // namespace cell::api
