#include "api/peers_routes.hpp"
#include "api/qr.hpp"

namespace cell::api {

namespace {

http::Response as_file(const peers::Peer& peer, const Secret& text) {
  http::Response response = http::Response::text(std::string(text.reveal()));
  // WireGuard takes the file's name as the tunnel's: at most 15 characters.
  response.headers.emplace("Content-Disposition",
                           "attachment; filename=\"" + peer.dns_label.substr(0, 15) + ".conf\"");
  return response;
}

Result<http::Response> config_text(const PeersParts& parts, const Context& context) {
  const auto peer = CELL_TRY(peer_in_reach(parts, context));
  return as_file(peer, CELL_TRY(parts.peers.config(peer.id)));
}

Result<http::Response> take_config(const PeersParts& parts, const Context& context) {
  const auto peer = CELL_TRY(peer_in_reach(parts, context));
  const auto taken = CELL_TRY(parts.peers.take_config(peer.id));
  return as_file(peer, taken.config);
}

Result<QrCode> code_of(const PeersParts& parts, const Context& context) {
  const auto peer = CELL_TRY(peer_in_reach(parts, context));
  const Secret text = CELL_TRY(parts.peers.config_with_key(peer.id));
  return qr_code(text.reveal());
}

Result<http::Response> svg(const PeersParts& parts, const Context& context) {
  return http::Response::text(qr_svg(CELL_TRY(code_of(parts, context))), "image/svg+xml");
}

Result<http::Response> png(const PeersParts& parts, const Context& context) {
  return http::Response::text(qr_png(CELL_TRY(code_of(parts, context))), "image/png");
}

}  // namespace

std::vector<Route> peer_config_routes(const PeersParts& parts) {
  const auto bind = [parts](Result<http::Response> (*handler)(const PeersParts&, const Context&)) -> Handle {
    return [parts, handler](const Context& context) { return handler(parts, context); };
  };
  Route text{"GET", "/api/peers/{id}/config", Access::session, "peers",
             "Shows a device's configuration with <PRIVATE_KEY> in place of its private key"};
  text.media_type = "text/plain";
  text.reveals = true;  // the preshared key
  text.handle = bind(config_text);

  Route taking{
      "POST", "/api/peers/{id}/config", Access::session, "peers",
      "Gives out the configuration with the private key that the cell made, once; then the key is forgotten"};
  taking.media_type = "text/plain";
  taking.handle = bind(take_config);

  Route as_svg{"GET", "/api/peers/{id}/qr.svg", Access::session, "peers",
               "Draws the configuration with the private key, as long as the cell holds it"};
  as_svg.media_type = "image/svg+xml";
  as_svg.reveals = true;
  as_svg.handle = bind(svg);

  Route as_png{"GET", "/api/peers/{id}/qr.png", Access::session, "peers",
               "Draws the configuration with the private key, as long as the cell holds it"};
  as_png.media_type = "image/png";
  as_png.reveals = true;
  as_png.handle = bind(png);
  return {text, taking, as_svg, as_png};
}

}  // namespace cell::api
