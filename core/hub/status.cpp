#include "hub/document.hpp"
#include "hub/members.hpp"

namespace cell::hub {
namespace {

constexpr std::size_t kMaxPeers = 65'536;
constexpr std::size_t kMaxText = 64;
constexpr std::size_t kMaxMessage = 4096;
constexpr std::uint64_t kMaxCount = UINT64_MAX;

Json to_json(const PeerState& peer) {
  return {{"public_key", peer.public_key},
          {"endpoint", peer.endpoint},
          {"last_handshake", peer.last_handshake},
          {"rx_bytes", peer.rx_bytes},
          {"tx_bytes", peer.tx_bytes}};
}

Result<PeerState> read_peer_state(const Json& json, const std::string& at) {
  Members members(json, at, {"public_key", "endpoint", "last_handshake", "rx_bytes", "tx_bytes"});
  PeerState peer;
  peer.public_key = members.text("public_key", kMaxText);
  peer.endpoint = members.text("endpoint", kMaxText);
  peer.last_handshake = members.signed_number("last_handshake");
  peer.rx_bytes = members.number("rx_bytes", 0, kMaxCount);
  peer.tx_bytes = members.number("tx_bytes", 0, kMaxCount);
  CELL_TRY(members.result());
  return peer;
}

}  // namespace

Json to_json(const Status& status) {
  Json json{{"up", status.up},
            {"backend", status.backend},
            {"backend_reason", status.backend_reason},
            {"document_hash", status.document_hash},
            {"agent_version", status.agent_version},
            {"problem", status.problem},
            {"peers", Json::array()}};
  for (const auto& peer : status.peers) json["peers"].push_back(to_json(peer));
  return json;
}

Result<Status> status_from_json(const Json& json) {
  Members members(json, "",
                  {"up", "backend", "backend_reason", "document_hash", "agent_version", "problem", "peers"});
  Status status;
  status.up = members.flag("up");
  status.backend = members.text("backend", kMaxText);
  status.backend_reason = members.text("backend_reason", kMaxMessage);
  status.document_hash = members.text("document_hash", kMaxText);
  status.agent_version = members.text("agent_version", kMaxText);
  status.problem = members.text("problem", kMaxMessage);
  const auto& peers = members.array("peers", kMaxPeers);
  CELL_TRY(members.result());
  for (std::size_t index = 0; index < peers.size(); ++index) {
    status.peers.push_back(CELL_TRY(read_peer_state(peers[index], "/peers/" + std::to_string(index))));
  }
  return status;
}

}  // namespace cell::hub
