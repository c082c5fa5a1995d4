#include "domain/dns/resolver.hpp"

#include <algorithm>

#include "coredns/name.hpp"
#include "coredns/zone.hpp"
#include "domain/dns/names.hpp"
#include "domain/settings/document.hpp"
#include "wireguard/address.hpp"

namespace cell::dns {

namespace {

constexpr std::size_t kMaxUpstreams = 15;  // of CoreDNS's forward

std::string pointer_of(std::size_t index) { return "/upstreams/" + std::to_string(index); }

// "tls://[2620:fe:0::9]:853#dns.quad9.net" → "2620:fe::9"; of something that check_upstream took.
std::string address_of(std::string text) {
  if (text.starts_with("tls://")) text.erase(0, 6);
  text = text.substr(0, text.find('#'));
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (!coredns::is_ipv6(text)) {
    text = text.substr(0, text.find(':'));
  }
  const auto address = wireguard::parse_address(text);
  return address ? wireguard::to_string(*address) : text;
}

std::string server_name_of(const std::string& upstream) {
  const auto hash = upstream.find('#');
  return hash == std::string::npos ? std::string() : coredns::lower(upstream.substr(hash + 1));
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "0.0.0.0" || address == "::1" || address == "::";
}

}  // namespace

std::vector<std::string> upstreams_of(const Json& root) {
  std::vector<std::string> out;
  for (const Json& upstream : json_member(json_member(root, "dns"), "upstreams")) {
    if (upstream.is_string()) out.push_back(upstream.get<std::string>());
  }
  return out;
}

Result<void> Resolver::check(const Json& root, const std::vector<std::string>& upstreams) const {
  if (upstreams.size() > kMaxUpstreams)
    return field_error("/upstreams", "must not be more than 15 resolvers");
  const HubAddresses hub = hub_addresses(root);
  std::string server_name;
  for (std::size_t i = 0; i < upstreams.size(); ++i) {
    const auto checked = coredns::check_upstream(upstreams[i]);
    if (!checked) return field_error(pointer_of(i), checked.error().message, checked.error().hint);
    if (std::count(upstreams.begin(), upstreams.begin() + static_cast<std::ptrdiff_t>(i), upstreams[i]) > 0) {
      return field_error(pointer_of(i), "this resolver is there twice");
    }
    const std::string address = address_of(upstreams[i]);
    const bool own = address == place_.core.dns.ipv4 || address == place_.core.dns.ipv6 ||
                     address == hub.ipv4 || address == hub.ipv6;
    if (own || is_loopback(address)) {
      return field_error(pointer_of(i), "the cell's DNS server would ask itself",
                         "give a resolver outside the cell");
    }
    const std::string name = server_name_of(upstreams[i]);
    if (!name.empty() && !server_name.empty() && name != server_name) {
      return field_error(pointer_of(i), "all resolvers with TLS must have the same certificate name",
                         "use the addresses of one provider, like tls://9.9.9.9#dns.quad9.net and "
                         "tls://149.112.112.112#dns.quad9.net");
    }
    if (!name.empty()) server_name = name;
  }
  return {};
}

Result<void> Resolver::set_upstreams(const std::vector<std::string>& upstreams,
                                     const config::CommitOptions& options) {
  CELL_TRY(config_.commit(options, [&](Json& root) -> Result<void> {
    CELL_TRY(check(root, upstreams));
    root["dns"]["upstreams"] = upstreams;
    return {};
  }));
  return {};
}

Result<coredns::Answer> Resolver::look_up(const std::string& name, const std::string& type) const {
  std::string asked = coredns::lower(name);
  if (asked.ends_with('.')) asked.pop_back();
  const std::string domain = coredns::lower(settings::identity_of(config_.snapshot()->root).domain_name);
  const bool ours = !domain.empty() && (asked == domain || asked.ends_with("." + domain));
  return ask_({place_.core.dns.ipv4, ours ? kInsidePort : std::uint16_t{53}, name, type});
}

}  // namespace cell::dns
