#include "domain/peers/diagnosis.hpp"

namespace cell::peers {

namespace {

// More than the handshakes and keepalives of some minutes (148, 92 and 32 bytes each, WireGuard white paper
// §5.4).
constexpr std::uint64_t kRealTraffic = 4096;

std::string ago(std::int64_t seconds) {
  if (seconds < 120) return std::to_string(seconds) + " s ago";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min ago";
  if (seconds < 172'800) return std::to_string(seconds / 3600) + " h ago";
  return std::to_string(seconds / 86'400) + " days ago";
}

std::string from(const PeerLive& live) { return live.endpoint.empty() ? "" : " from " + live.endpoint; }

bool hub_is_up(const HubLive& hub) { return hub.status && hub.status->up; }

DiagnosisStep handshake(const Observed& seen) {
  const auto step = [](std::string state, std::string detail, std::string fix = {}) {
    return DiagnosisStep{"handshake", std::move(state), std::move(detail), std::move(fix)};
  };
  if (seen.live.state == State::disabled)
    return step("problem", "the device is switched off in the cell", "switch it on");
  if (seen.live.state == State::expired)
    return step("problem", "the device's time has passed", "give it a later end");
  if (seen.needs_new_key)
    return step("problem", "the cell went back to a key of this device whose secrets are not kept any more",
                "give the device a new key and import its new configuration");
  if (!hub_is_up(seen.hub)) {
    const std::string why = seen.hub.problem.empty() ? "it has not been heard of yet" : seen.hub.problem;
    return step("problem", "the cell's VPN hub does not run: " + why,
                "look at the WireGuard container under Containers");
  }
  if (seen.live.last_handshake == 0) {
    return step("problem", "the cell has never heard from this device with its current key",
                "import its configuration once more and switch the tunnel on; if it was imported before a "
                "new key was made, it is the old one");
  }
  const std::string when =
      ago(std::max<std::int64_t>(0, to_unix(seen.now) - seen.live.last_handshake)) + from(seen.live);
  if (seen.live.state == State::online) return step("ok", "the last handshake was " + when);
  return step("problem", "the last handshake was " + when,
              "switch the tunnel on at the device, and check that it has a network");
}

DiagnosisStep port(const Observed& seen) {
  const std::string name = "UDP port " + std::to_string(seen.listen_port);
  if (!hub_is_up(seen.hub))
    return {"port", "problem", "nothing listens at " + name, "start the WireGuard container"};
  if (seen.live.last_handshake > 0)
    return {"port", "ok", "this device has reached " + name + from(seen.live)};
  const std::string fix = seen.endpoint_host.empty()
                              ? "set the address under which the cell is reached, under WireGuard"
                              : "check that '" + seen.endpoint_host +
                                    "' leads to this network and that the router forwards " + name +
                                    " to this machine";
  if (seen.endpoint_host.empty()) return {"port", "problem", "devices are not told where the cell is", fix};
  if (seen.others_heard > 0) {
    return {
        "port", "unknown",
        std::to_string(seen.others_heard) + " other device(s) have reached " + name + ", this one has not",
        fix};
  }
  return {
      "port", "unknown",
      "no device has reached " + name + " yet; whether it is open to the outside can't be seen from inside",
      fix};
}

DiagnosisStep route(const Observed& seen) {
  const hub::Policy& policy = seen.peer.policy;
  if (!policy.internet && !policy.lan && !policy.peers && !policy.services) {
    return {"route", "problem", "the device may reach nothing but names and time of the cell",
            "allow it something under Edit"};
  }
  if (seen.live.state != State::online)
    return {"route", "unknown", "there is no tunnel to send anything through"};
  const std::string amounts = std::to_string(seen.live.rx_bytes) + " bytes came from the device, " +
                              std::to_string(seen.live.tx_bytes) + " went to it";
  if (seen.live.rx_bytes >= kRealTraffic && seen.live.tx_bytes >= kRealTraffic)
    return {"route", "ok", amounts};
  if (seen.live.rx_bytes >= kRealTraffic) {
    return {"route", "problem", amounts,
            "check what the device may reach under Edit, and that this machine forwards to the internet"};
  }
  return {"route", "unknown", amounts + ": too little to judge", "open a page at the device and look again"};
}

DiagnosisStep dns(const Observed& seen) {
  const std::string resolver = seen.resolver.empty() ? "the cell" : seen.resolver;
  if (!seen.dns_answers)
    return {"dns", "unknown", "whether names resolve at " + resolver + " was not looked at"};
  if (!*seen.dns_answers)
    return {"dns", "problem", "the cell's DNS does not answer", "look at the DNS container under Containers"};
  if (seen.live.state != State::online)
    return {"dns", "unknown", "the cell's DNS answers, but the device has no tunnel to it"};
  return {"dns", "ok", "the cell's DNS answers; the device asks it at " + resolver};
}

}  // namespace

std::vector<DiagnosisStep> diagnose(const Observed& observed) {
  return {handshake(observed), port(observed), route(observed), dns(observed)};
}

}  // namespace cell::peers
