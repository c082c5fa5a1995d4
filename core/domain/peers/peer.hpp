#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "hub/document.hpp"

namespace cell::peers {

// A device of the VPN as the configuration document has it.
struct Peer {
  std::string id;
  std::string name;
  std::string dns_label;
  std::string owner_id;  // empty: nobody's
  std::vector<std::string> tags;
  bool enabled = true;
  std::string disabled_by;  // id of the person who switched it off; empty: it is on, or nobody knows
  std::string public_key;
  bool key_from_server = false;
  std::vector<std::string> addresses;  // without prefix: IPv4, then IPv6
  hub::Policy policy;
  std::string exit;  // its way to the internet, "<service>/<exit>"; empty: the cell's own
  std::optional<TimePoint> expires_at{};
  std::string created_at;  // RFC 3339
  std::string updated_at;

  [[nodiscard]] bool is_expired(TimePoint now) const { return expires_at && *expires_at <= now; }
};

struct NewPeer {
  std::string name;
  std::string owner_id;
  std::vector<std::string> tags;
  std::string public_key;  // empty: the server makes the pair
  hub::Policy policy;
  std::optional<TimePoint> expires_at{};
  std::string exit{};  // empty: the cell's own way
};

// Who asks for a change.
struct Asker {
  std::string person_id;
  bool is_admin = false;
};

// What is to be different; an inner nothing takes the value away.
struct PeerChange {
  std::optional<std::string> name{};
  std::optional<std::string> owner_id{};  // empty: nobody's
  std::optional<std::vector<std::string>> tags{};
  std::optional<hub::Policy> policy{};
  std::optional<bool> enabled{};
  std::optional<std::optional<TimePoint>> expires_at{};
  std::optional<std::string> exit{};  // empty: the cell's own way
};

// Member `id` of section `peers`, and back.
Peer peer_of(const std::string& id, const Json& entry);
Json entry_of(const Peer& peer);

hub::Policy policy_of(const Json& json);  // a member that is missing has its default
Json to_json(const hub::Policy& policy);

// "phone.home.cell"; the label alone where the cell has no domain.
std::string dns_name_of(const Peer& peer, const std::string& domain);

// Where secrets lie: "peers/<id>/private_key/<key>". They are kept by the public key they belong to, so that
// the one commit that puts another key into the document also changes which secrets are in force.
std::string private_key_name(const Peer& peer);
std::string preshared_key_name(const Peer& peer);
inline constexpr const char* kHubKeyName = "wireguard/hub";

}  // namespace cell::peers
