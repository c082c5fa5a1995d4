#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

// What the hub's agent is told to make true. celld sends it; cell-hubd keeps the last one that was applied
// and applies it again at its own start.
namespace cell::hub {

// What a peer may reach. Name look-ups and time from the cell are always allowed.
struct Policy {
  bool internet = true;
  bool lan = false;      // RFC 1918 / ULA ranges beyond the cell
  bool peers = false;    // other peers of the hub
  bool services = true;  // the cell's HTTPS pages and what else the hub forwards
  auto operator<=>(const Policy&) const = default;
};

struct Peer {
  std::string public_key;              // base64, 44 characters; identifies the peer
  std::string preshared_key;           // base64 or empty
  std::vector<std::string> addresses;  // without prefix, IPv4 and IPv6
  Policy policy;
  std::uint16_t exit = 0;  // number of the exit that it goes to the internet through; 0: the hub's own way
  bool operator==(const Peer&) const = default;
};

// Where the hub sends what peers ask of its own address, e.g. {53, "udp", "172.20.0.3", "fd…::3", 53}.
struct Forward {
  std::uint16_t port = 0;
  std::string protocol;  // "tcp" or "udp"
  std::string target_ipv4;
  std::string target_ipv6;  // empty: IPv4 only
  std::uint16_t target_port = 0;
  bool always = false;  // allowed whatever the policy says (DNS, NTP); else needs policy.services
  bool operator==(const Forward&) const = default;
};

// Another way out to the internet: a container that takes packets for anywhere. What it does not carry, or
// can't while it is down, is dropped.
struct Exit {
  std::uint16_t number = 0;  // 1…4095; stays the exit's own as long as peers use it
  std::string ipv4;
  std::string ipv6;  // empty: it carries no IPv6
  bool operator==(const Exit&) const = default;
};

struct Document {
  std::string private_key;  // base64
  std::uint16_t listen_port = 51820;
  std::uint16_t mtu = 1420;
  std::string ipv4_address;  // "10.13.13.1"
  std::string ipv4_pool;     // "10.13.13.0/24"
  std::string ipv6_address;
  std::string ipv6_pool;
  std::vector<std::string>
      cell_subnets;  // the cell's container network: not "lan", not "internet", only forwards
  std::vector<Forward> forwards;
  std::vector<Exit> exits{};
  std::vector<Peer> peers;
  bool operator==(const Document&) const = default;
};

Json to_json(const Document& document);
Json to_json(const Peer& peer);
// Strict: unknown or missing members, wrong types, keys that are not 32 bytes of base64, addresses that are
// not in canonical text, keys, addresses or numbers that occur twice, and a peer's exit that is not there are
// invalid_argument with a pointer to the place. `exits` and a peer's `exit` may be missing. At most 65,536
// peers, 8 addresses a peer, 256 forwards, 64 exits.
Result<Document> document_from_json(const Json& json);
Result<Peer> peer_from_json(const Json& json);
// invalid_argument at `pointer` when the peer's exit is none of these.
Result<void> check_exit(const Peer& peer, const std::vector<Exit>& exits, const std::string& pointer);

struct PeerState {
  std::string public_key;
  std::string endpoint;             // "192.0.2.7:40000" or empty
  std::int64_t last_handshake = 0;  // Unix seconds, 0: never
  std::uint64_t rx_bytes = 0;       // received from the peer
  std::uint64_t tx_bytes = 0;
};

struct Status {
  bool up = false;
  std::string backend;         // "kernel" or "userspace"
  std::string backend_reason;  // why userspace
  std::string document_hash;   // of what is applied; empty: nothing yet
  std::string agent_version;
  std::string problem;  // last failure to apply, empty if none
  std::vector<PeerState> peers;
};

Json to_json(const Status& status);
Result<Status> status_from_json(const Json& json);

// Identity of a document's content, to find out whether an apply is needed: 16 hex digits. The sum (mod 2^64)
// of one FNV-1a fingerprint for everything but the peers and one for each peer, so the order of peers does
// not matter and a change to one peer costs the same at any number of peers. Not a defence against someone
// who forges documents.
std::string hash_of(const Document& document);

// The running sum behind hash_of(): add and remove peers as they change.
class Fingerprint {
 public:
  Fingerprint() = default;
  explicit Fingerprint(const Document& document);
  void add(const Peer& peer);
  void remove(const Peer& peer);
  [[nodiscard]] std::string text() const;

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace cell::hub
