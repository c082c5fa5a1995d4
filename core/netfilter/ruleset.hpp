#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The hub's firewall as values. Every text in here is a canonical address or subnet that the caller has
// parsed, or a name we chose ourselves; nothing that a person typed reaches the renderer.
namespace cell::netfilter {

// What one address of a peer may reach.
struct Access {
  bool internet = false;
  bool lan = false;
  bool peers = false;
  bool services = false;
  unsigned exit = 0;  // number of the exit that leads to the internet; 0: the hub's own way
  bool operator==(const Access&) const = default;
  // 0…15; addresses with equal access share a chain, whichever way they go.
  [[nodiscard]] unsigned index() const {
    return (internet ? 1U : 0U) | (lan ? 2U : 0U) | (peers ? 4U : 0U) | (services ? 8U : 0U);
  }
};

enum class Family { ipv4 = 4, ipv6 = 6 };

struct Member {
  std::string address;
  Family family = Family::ipv4;
  Access access;
  bool operator==(const Member&) const = default;
};

struct Forward {
  std::uint16_t port = 0;
  bool is_tcp = false;
  std::string target_ipv4;
  std::string target_ipv6;  // empty: IPv4 only
  std::uint16_t target_port = 0;
  bool always = false;
  bool operator==(const Forward&) const = default;
};

// Addresses of one family.
struct Network {
  std::string hub;                        // the hub's own address in the tunnel; empty: family not used
  std::string pool;                       // the tunnel's subnet
  std::vector<std::string> cell_subnets;  // container networks: peers reach forwards' targets in them
  bool operator==(const Network&) const = default;
};

// Another way out to the internet.
struct Exit {
  unsigned number = 0;  // 1…4095
  std::string ipv4;
  std::string ipv6;  // empty: it carries no IPv6
  bool operator==(const Exit&) const = default;
};

// Everything but the peers.
struct Frame {
  std::string interface = "wg0";
  std::uint16_t listen_port = 51820;
  Network ipv4;
  Network ipv6;
  std::vector<Forward> forwards;
  std::vector<Exit> exits{};
  bool operator==(const Frame&) const = default;
};

struct Ruleset {
  Frame frame;
  std::vector<Member> members;
};

// One address that changes its access: nothing before = it is new, nothing after = it goes.
struct MemberChange {
  std::string address;
  Family family = Family::ipv4;
  std::optional<Access> before;
  std::optional<Access> after;
  bool operator==(const MemberChange&) const = default;
  // Other peers' answers to it stop / start to pass.
  [[nodiscard]] bool ends_reach() const { return before && before->peers && !(after && after->peers); }
  [[nodiscard]] bool begins_reach() const { return after && after->peers && !(before && before->peers); }
  // It leaves / begins to use an exit; both when it goes from one to another.
  [[nodiscard]] bool leaves_exit() const {
    return before && before->exit != 0 && !(after && after->exit == before->exit);
  }
  [[nodiscard]] bool takes_exit() const {
    return after && after->exit != 0 && !(before && before->exit == after->exit);
  }
};

// Which policy chains exist, one bit for each Access::index().
using PolicyMask = std::uint32_t;

}  // namespace cell::netfilter
