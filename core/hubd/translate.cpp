#include "hubd/translate.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "wireguard/address.hpp"

namespace cell::hubd {
namespace {

netfilter::Family family_of(const std::string& address) {
  return address.find(':') == std::string::npos ? netfilter::Family::ipv4 : netfilter::Family::ipv6;
}

netfilter::Access access_of(const hub::Peer& peer) {
  const auto& policy = peer.policy;
  return {policy.internet, policy.lan, policy.peers, policy.services, peer.exit};
}

wireguard::PeerConfig config_of(const hub::Peer& peer) {
  wireguard::PeerConfig config{peer.public_key, peer.preshared_key, {}};
  for (const auto& address : peer.addresses) config.allowed_ips.push_back(wireguard::host_prefix(address));
  std::sort(config.allowed_ips.begin(), config.allowed_ips.end());
  return config;
}

class Pools {
 public:
  static Result<Pools> of(const hub::Document& document) {
    Pools pools;
    pools.ipv4_ = CELL_TRY(wireguard::parse_subnet(document.ipv4_pool));
    if (!document.ipv6_pool.empty()) pools.ipv6_ = CELL_TRY(wireguard::parse_subnet(document.ipv6_pool));
    return pools;
  }

  [[nodiscard]] Result<void> check(const std::string& address) const {
    const auto parsed = CELL_TRY(wireguard::parse_address(address));
    if (contains(ipv4_, parsed) || (ipv6_ && contains(*ipv6_, parsed))) return {};
    return Error{Code::invalid_argument, "address '" + address + "' is outside the tunnel's subnets",
                 "use " + to_string(ipv4_) + (ipv6_ ? " or " + to_string(*ipv6_) : "")};
  }

 private:
  wireguard::Subnet ipv4_;
  std::optional<wireguard::Subnet> ipv6_;
};

void add_cell_subnets(const hub::Document& settings, netfilter::Frame& frame) {
  for (const auto& text : settings.cell_subnets) {
    const auto subnet = wireguard::parse_subnet(text);
    if (!subnet) continue;
    auto& network = subnet->base.is_ipv6 ? frame.ipv6 : frame.ipv4;
    network.cell_subnets.push_back(text);
  }
}

struct Claim {
  std::string owner;
  netfilter::Access access;
};
struct Claims {
  std::optional<Claim> before;
  std::optional<Claim> after;
};

// By address; ordered, so that equal changes give equal scripts.
std::map<std::string, Claims> claims_of(const std::vector<hub::PeerChange>& changes) {
  std::map<std::string, Claims> claims;
  for (const auto& change : changes) {
    if (change.before) {
      const Claim claim{change.before->public_key, access_of(*change.before)};
      for (const auto& address : change.before->addresses) claims[address].before = claim;
    }
    if (change.after) {
      const Claim claim{change.after->public_key, access_of(*change.after)};
      for (const auto& address : change.after->addresses) claims[address].after = claim;
    }
  }
  return claims;
}

void add_firewall_steps(const std::string& address, const Claims& claims, Steps& steps) {
  const auto family = family_of(address);
  const bool is_kept = claims.before && claims.after && claims.before->owner == claims.after->owner;
  if (is_kept) {
    if (claims.before->access == claims.after->access) return;
    steps.firewall_first.push_back({address, family, claims.before->access, claims.after->access});
    return;
  }
  if (claims.before) steps.firewall_first.push_back({address, family, claims.before->access, std::nullopt});
  if (claims.after) steps.firewall_last.push_back({address, family, std::nullopt, claims.after->access});
}

}  // namespace

Result<void> check_pools(const hub::Document& document) {
  const auto pools = CELL_TRY(Pools::of(document));
  CELL_TRY(pools.check(document.ipv4_address));
  if (!document.ipv6_address.empty()) CELL_TRY(pools.check(document.ipv6_address));
  for (const auto& subnet : document.cell_subnets) CELL_TRY(wireguard::parse_subnet(subnet));
  for (const auto& peer : document.peers) {
    for (const auto& address : peer.addresses) CELL_TRY(pools.check(address));
  }
  return {};
}

Result<void> check_pools(const hub::Document& settings, const std::vector<hub::PeerChange>& changes) {
  const auto pools = CELL_TRY(Pools::of(settings));
  for (const auto& change : changes) {
    if (!change.after) continue;
    for (const auto& address : change.after->addresses) CELL_TRY(pools.check(address));
  }
  return {};
}

netfilter::Frame frame_of(const hub::Document& settings, const std::string& interface) {
  netfilter::Frame frame;
  frame.interface = interface;
  frame.listen_port = settings.listen_port;
  frame.ipv4 = {settings.ipv4_address, settings.ipv4_pool, {}};
  frame.ipv6 = {settings.ipv6_address, settings.ipv6_pool, {}};
  add_cell_subnets(settings, frame);
  for (const auto& forward : settings.forwards) {
    frame.forwards.push_back({forward.port, forward.protocol == "tcp", forward.target_ipv4,
                              forward.target_ipv6, forward.target_port, forward.always});
  }
  for (const auto& exit : settings.exits) frame.exits.push_back({exit.number, exit.ipv4, exit.ipv6});
  return frame;
}

std::vector<netfilter::Member> members_of(const std::vector<hub::Peer>& peers) {
  std::vector<netfilter::Member> members;
  members.reserve(peers.size() * 2);
  for (const auto& peer : peers) {
    for (const auto& address : peer.addresses) {
      members.push_back({address, family_of(address), access_of(peer)});
    }
  }
  return members;
}

wireguard::DeviceConfig device_of(const hub::Document& document) {
  wireguard::DeviceConfig device{document.private_key, document.listen_port, {}};
  device.peers.reserve(document.peers.size());
  for (const auto& peer : document.peers) device.peers.push_back(config_of(peer));
  return device;
}

LinkSpec link_of(const hub::Document& settings, const std::string& interface, bool has_ipv6) {
  const auto with_prefix = [](const std::string& address, const std::string& pool) {
    return address + pool.substr(pool.find('/'));
  };
  LinkSpec spec{interface, settings.mtu, {with_prefix(settings.ipv4_address, settings.ipv4_pool)}};
  if (has_ipv6 && !settings.ipv6_address.empty()) {
    spec.addresses.push_back(with_prefix(settings.ipv6_address, settings.ipv6_pool));
  }
  return spec;
}

Steps steps_of(const std::vector<hub::PeerChange>& changes) {
  Steps steps;
  for (const auto& change : changes) {
    if (!change.after) {
      steps.wireguard.remove.push_back(change.before->public_key);
      continue;
    }
    auto config = config_of(*change.after);
    if (!change.before || config_of(*change.before) != config)
      steps.wireguard.upsert.push_back(std::move(config));
  }
  for (const auto& [address, claims] : claims_of(changes)) add_firewall_steps(address, claims, steps);
  return steps;
}

std::vector<netfilter::MemberChange> moved_addresses(const Steps& steps) {
  std::set<std::string_view> left;
  for (const auto& change : steps.firewall_first) left.insert(change.address);
  std::vector<netfilter::MemberChange> moved;
  std::copy_if(steps.firewall_last.begin(), steps.firewall_last.end(), std::back_inserter(moved),
               [&](const netfilter::MemberChange& change) { return left.contains(change.address); });
  return moved;
}

}  // namespace cell::hubd
