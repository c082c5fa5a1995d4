#include "domain/peers/checks.hpp"

#include <algorithm>
#include <set>

#include "crypto/x25519.hpp"
#include "domain/settings/document.hpp"
#include "domain/settings/services.hpp"
#include "domain/settings/text.hpp"
#include "wireguard/address.hpp"

namespace cell::peers {

namespace {

constexpr std::size_t kMaxLabel = 63;  // RFC 1035 §2.3.4
constexpr std::size_t kLabelRoom = 8;  // for "-12345"
// Names in the cell's zone that belong to its own parts.
const std::set<std::string_view> kOwnLabels{"api", "caddy", "cell", "dns", "hub",       "localhost",
                                            "ns",  "ntp",   "pki",  "vpn", "wireguard", "www"};

Error taken(std::string pointer, std::string detail, std::string reason) {
  Error error = field_error(std::move(pointer), std::move(detail));
  error.code = Code::conflict;
  error.reason = std::move(reason);
  return error;
}

Error forbidden(std::string pointer, std::string detail) {
  Error error = field_error(std::move(pointer), std::move(detail), "ask an administrator of this cell");
  error.code = Code::forbidden;
  return error;
}

std::string label_of(const std::string& name) {
  std::string label;
  for (const char c : settings::lower_ascii(name)) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (fits) {
      label += c;
    } else if (!label.empty() && label.back() != '-') {
      label += '-';
    }
  }
  label.resize(std::min(label.size(), kMaxLabel - kLabelRoom));
  while (label.ends_with('-')) label.pop_back();
  return label.empty() ? "device" : label;
}

Result<std::string> free_address(const std::string& pool, const std::vector<wireguard::Address>& used) {
  const auto subnet = CELL_TRY_DOING(wireguard::parse_subnet(pool), "the cell's address pool");
  const auto address = wireguard::first_free(subnet, used);
  if (address) return wireguard::to_string(*address);
  return Error{Code::conflict,
               "every address of the pool " + pool + " is in use",
               "delete a device that is not used any more",
               {},
               "pool_exhausted"};
}

Result<std::string> first_of(const std::string& pool) {
  if (pool.empty()) return std::string();
  const auto subnet = CELL_TRY_DOING(wireguard::parse_subnet(pool), "the cell's address pool");
  const auto address = wireguard::nth(subnet, 1);
  if (!address) return Error{Code::internal, "the address pool " + pool + " has no room for the hub"};
  return wireguard::to_string(*address);
}

}  // namespace

Result<void> check_tags(const std::vector<std::string>& tags) {
  if (tags.size() > kMaxTags) return field_error("/tags", "a device has at most 16 tags");
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::string pointer = "/tags/" + std::to_string(i);
    const auto points = settings::decode_utf8(tags[i]);
    if (!points) return field_error(pointer, "the tag is not valid UTF-8");
    if (points->empty() || points->size() > kMaxTag)
      return field_error(pointer, "a tag has 1 to 32 characters");
    const auto is_bad = [](char32_t point) {
      return settings::is_control(point) || settings::is_bidirectional_mark(point);
    };
    if (std::any_of(points->begin(), points->end(), is_bad)) {
      return field_error(pointer,
                         "a tag has no control characters and no marks that change the writing direction");
    }
    if (std::find(tags.begin(), tags.begin() + static_cast<std::ptrdiff_t>(i), tags[i]) !=
        tags.begin() + static_cast<std::ptrdiff_t>(i)) {
      return field_error(pointer, "this tag is there twice");
    }
  }
  return {};
}

Result<void> check_expiry(const std::optional<TimePoint>& expires_at, TimePoint now) {
  if (!expires_at || *expires_at > now) return {};
  return field_error("/expires_at", "this time has passed", "choose a later one, or none");
}

Result<void> check_may_switch(const Peer& before, const PeerChange& wanted, const Asker& asker) {
  if (asker.is_admin) return {};
  const bool switches_on = wanted.enabled.value_or(false) && !before.enabled;
  if (switches_on && (before.disabled_by.empty() || before.disabled_by != asker.person_id))
    return forbidden("/enabled",
                     "somebody else switched this device off, so they decide when it is on again");
  if (!wanted.expires_at || !before.expires_at) return {};
  if (!*wanted.expires_at || **wanted.expires_at > *before.expires_at)
    return forbidden("/expires_at", "this device ends at " + format_time(*before.expires_at) +
                                        ", and only an administrator may give it longer");
  return {};
}

Result<void> check_public_key(const Json& peers, const std::string& key, const std::string& hub_key,
                              const std::string& except_id) {
  if (const auto valid = crypto::check_wireguard_key(key); !valid) {
    return field_error("/public_key", "this is not a WireGuard public key",
                       "a key is 32 bytes in base64, 44 characters");
  }
  if (key == hub_key) return taken("/public_key", "this is the key of the cell itself", "key_taken");
  for (const auto& [id, entry] : peers.items()) {
    if (id != except_id && json_string(entry, "public_key") == key) {
      return taken("/public_key", "another device has this key", "key_taken");
    }
  }
  return {};
}

Result<void> check_name_free(const Json& peers, const std::string& name, const std::string& except_id) {
  const std::string wanted = settings::lower_ascii(name);
  for (const auto& [id, entry] : peers.items()) {
    if (id != except_id && settings::lower_ascii(json_string(entry, "name")) == wanted) {
      return taken("/name", "another device has this name already", "name_taken");
    }
  }
  return {};
}

Result<void> check_owner(const Json& root, const std::string& owner_id) {
  if (owner_id.empty() || json_member(root, "people").contains(owner_id)) return {};
  return field_error("/owner_id", "there is no such person");
}

std::string free_dns_label(const Json& root, const std::string& name, const std::string& except_id) {
  const std::string wanted = label_of(name);
  std::set<std::string> used(kOwnLabels.begin(), kOwnLabels.end());
  for (const auto& [id, entry] : json_member(root, "peers").items()) {
    if (id != except_id) used.insert(json_string(entry, "dns_label"));
  }
  for (const settings::ServiceEntry& entry : settings::services_of(root))
    used.insert(entry.hosts.begin(), entry.hosts.end());
  // Beside a device of the same name an owner's record would not be served any more.
  for (const auto& [id, record] : json_member(json_member(root, "dns"), "records").items())
    used.insert(settings::lower_ascii(json_string(record, "name")));
  std::string label = wanted;
  for (int i = 2; used.contains(label); ++i) label = wanted + "-" + std::to_string(i);
  return label;
}

Result<std::vector<std::string>> free_addresses(const Json& root) {
  const settings::Tunnel tunnel = settings::tunnel_of(root);
  std::vector<wireguard::Address> used;
  for (const Json& entry : json_member(root, "peers")) {
    for (const Json& text : json_member(entry, "addresses")) {
      const auto address = wireguard::parse_address(text.is_string() ? text.get<std::string>() : "");
      if (address) used.push_back(*address);
    }
  }
  std::vector<std::string> addresses{CELL_TRY(free_address(tunnel.ipv4_pool, used))};
  if (!tunnel.ipv6_pool.empty()) addresses.push_back(CELL_TRY(free_address(tunnel.ipv6_pool, used)));
  return addresses;
}

std::vector<std::string> HubAddresses::list() const {
  std::vector<std::string> all;
  if (!ipv4.empty()) all.push_back(ipv4);
  if (!ipv6.empty()) all.push_back(ipv6);
  return all;
}

Result<HubAddresses> hub_addresses(const Json& root) {
  const settings::Tunnel tunnel = settings::tunnel_of(root);
  HubAddresses addresses;
  addresses.ipv4 = CELL_TRY(first_of(tunnel.ipv4_pool));
  addresses.ipv6 = CELL_TRY(first_of(tunnel.ipv6_pool));
  return addresses;
}

}  // namespace cell::peers
