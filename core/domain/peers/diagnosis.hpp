#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/peers/live.hpp"

namespace cell::peers {

// What was seen of a device and of what it needs on its way.
struct Observed {
  Peer peer;
  PeerLive live;
  bool needs_new_key = false;
  HubLive hub;
  std::size_t others_heard = 0;  // other devices whose handshake was ever seen
  std::uint16_t listen_port = 51820;
  std::string endpoint_host;
  std::string resolver;               // the hub's address in the tunnel
  std::optional<bool> dns_answers{};  // nothing: was not looked at
  TimePoint now{};
};

struct DiagnosisStep {
  std::string id;     // "handshake", "port", "route", "dns"
  std::string state;  // "ok", "problem", "unknown": it can't be known from here
  std::string detail;
  std::string fix{};
};

// "Can't connect?": the steps in the order in which a packet takes them. Pure.
std::vector<DiagnosisStep> diagnose(const Observed& observed);

}  // namespace cell::peers
