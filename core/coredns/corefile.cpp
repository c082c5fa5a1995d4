#include <charconv>

#include "coredns/name.hpp"
#include "coredns/zone.hpp"

namespace cell::coredns {

namespace {

constexpr std::size_t kMaxUpstreams = 15;  // forward's own limit

struct Upstream {
  std::string target;       // as `forward` takes it
  std::string server_name;  // of the certificate, empty without TLS
};

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

// Address with or without port; host names are refused: they would have to be resolved by the very resolver
// this is for.
bool is_endpoint(const std::string& text) {
  if (is_ipv4(text) || is_ipv6(text)) return true;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string::npos || !is_ipv6(text.substr(1, end - 1))) return false;
    return end + 1 == text.size() ||
           (text[end + 1] == ':' && is_port(std::string_view(text).substr(end + 2)));
  }
  const auto colon = text.rfind(':');
  return colon != std::string::npos && is_ipv4(text.substr(0, colon)) &&
         is_port(std::string_view(text).substr(colon + 1));
}

std::string without_brackets(std::string text) {
  if (text.starts_with('[') && text.ends_with(']')) return text.substr(1, text.size() - 2);
  return text;
}

Result<Upstream> parse_upstream(const std::string& text) {
  Upstream upstream;
  std::string rest = text;
  const bool tls = rest.starts_with("tls://");
  if (tls) {
    rest.erase(0, 6);
    if (const auto hash = rest.find('#'); hash != std::string::npos) {
      upstream.server_name = rest.substr(hash + 1);
      rest.erase(hash);
      if (!is_name(upstream.server_name, Underscore::refused)) rest.clear();
    }
  }
  if (!is_endpoint(rest)) {
    return Error{Code::invalid_argument, "'" + text + "' is not the address of a resolver",
                 "write it like 9.9.9.9, 2620:fe::9 or tls://9.9.9.9#dns.quad9.net"};
  }
  upstream.target = (tls ? "tls://" : "") + without_brackets(rest);
  return upstream;
}

std::string common_head(const Settings& settings) {
  return std::string("    errors\n") + (settings.log_queries ? "    log\n" : "");
}

std::string quoted_path(const Settings& settings, const std::string& file) {
  return "\"" + settings.directory + "/" + file + "\"";
}

// The zone is read again with the whole Corefile on SIGUSR1, so the plugin's own polling stays off.
std::string zone_block(const Settings& settings, const std::string& zone, const std::string& file,
                       const std::string& view, std::uint16_t port = 53) {
  return zone + ":" + std::to_string(port) + " {\n" + view + common_head(settings) + "    file " +
         quoted_path(settings, file) + " {\n        reload 0\n    }\n}\n\n";
}

std::string vpn_view(const Settings& settings) {
  std::string condition;
  for (const std::string& address : settings.hub_addresses) {
    const char* bits = is_ipv4(address) ? "/32')" : is_ipv6(address) ? "/128')" : nullptr;
    if (bits == nullptr) continue;
    if (!condition.empty()) condition += " || ";
    condition += "incidr(client_ip(), '" + address + bits;
  }
  return condition.empty() ? std::string() : "    view vpn {\n        expr " + condition + "\n    }\n";
}

// Who is not in the tunnel gets no names of the tunnel's addresses.
std::string reverse_blocks(const Settings& settings, const std::string& zone) {
  const std::string file = zone + ".zone";
  std::string out;
  if (const auto view = vpn_view(settings); !view.empty()) out += zone_block(settings, zone, file, view);
  if (settings.inside_port != 0) out += zone_block(settings, zone, file, {}, settings.inside_port);
  return out;
}

// RFC 2308 wants an SOA with "no such name", or nobody remembers the answer.
std::string nowhere_block(const Settings& settings) {
  return "cell:53 {\n" + common_head(settings) +
         "    template ANY ANY {\n        rcode NXDOMAIN\n        authority \"cell. 60 IN SOA ns.cell. "
         "hostmaster.cell. 1 3600 600 86400 60\"\n    }\n}\n\n";
}

std::string forward_lines(const Settings& settings) {
  std::string targets;
  std::string server_name;
  std::size_t count = 0;
  for (const std::string& text : settings.upstreams) {
    const auto upstream = parse_upstream(text);
    if (!upstream || count == kMaxUpstreams) continue;
    targets += " " + upstream->target;
    if (server_name.empty()) server_name = upstream->server_name;
    ++count;
  }
  if (targets.empty()) return {};
  std::string out = "    forward ." + targets + " {\n        policy sequential\n        health_check 5s\n";
  if (!server_name.empty()) out += "        tls_servername " + server_name + "\n";
  return out + "    }\n";
}

std::string rest_block(const Settings& settings) {
  std::string out =
      ".:53 {\n" + common_head(settings) + "    health 127.0.0.1:8080\n    ready 127.0.0.1:8181\n";
  if (settings.cache_seconds > 0) out += "    cache " + std::to_string(settings.cache_seconds) + "\n";
  return out + forward_lines(settings) + "}\n";
}

}  // namespace

Result<void> check_upstream(const std::string& upstream) {
  auto parsed = parse_upstream(upstream);
  if (!parsed) return std::move(parsed).error();
  return {};
}

std::string render_corefile(const Settings& settings) {
  std::string out;
  const std::string zone = lower(settings.zone);
  if (is_name(zone, Underscore::refused)) {
    if (const auto view = vpn_view(settings); !view.empty())
      out += zone_block(settings, zone, "vpn.zone", view);
    out += zone_block(settings, zone, "lan.zone", {});
    if (settings.inside_port != 0) out += zone_block(settings, zone, "vpn.zone", {}, settings.inside_port);
    for (const std::string& reverse : settings.reverse_zones) out += reverse_blocks(settings, reverse);
  }
  if (is_name(settings.public_domain, Underscore::refused)) {
    out += zone_block(settings, lower(settings.public_domain), "public.zone", {});
  }
  if (zone != "cell") out += nowhere_block(settings);
  return out + rest_block(settings);
}

}  // namespace cell::coredns
