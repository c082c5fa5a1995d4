#include "domain/settings/environment.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "crypto/digest.hpp"
#include "domain/settings/text.hpp"
#include "wireguard/address.hpp"

namespace cell::settings {

namespace {

Error wrong(const std::string& name, const std::string& detail, std::string hint = {}) {
  return Error{Code::invalid_argument, name + ": " + detail, std::move(hint)};
}

// Reads one variable after another; an empty value counts as not set, as in `NAME=` of an .env file.
class Reader {
 public:
  explicit Reader(const Lookup& lookup) : lookup_(lookup) {}

  [[nodiscard]] std::optional<std::string> find(const std::string& name) const {
    auto value = lookup_(name);
    if (value && value->empty()) return std::nullopt;
    return value;
  }
  [[nodiscard]] std::string text(const std::string& name, const std::string& fallback) const {
    return find(name).value_or(fallback);
  }
  [[nodiscard]] Result<std::int64_t> number(const std::string& name, std::int64_t fallback, std::int64_t min,
                                            std::int64_t max) const {
    const auto value = find(name);
    if (!value) return fallback;
    std::int64_t parsed = 0;
    const auto [end, failure] = std::from_chars(value->data(), value->data() + value->size(), parsed);
    if (failure != std::errc{} || end != value->data() + value->size() || parsed < min || parsed > max) {
      return wrong(name, "'" + *value + "' is not a number from " + std::to_string(min) + " to " +
                             std::to_string(max));
    }
    return parsed;
  }
  Result<void> port(const std::string& name, std::uint16_t& target) const {
    target = static_cast<std::uint16_t>(CELL_TRY(number(name, target, 1, 65'535)));
    return {};
  }
  Result<void> path(const std::string& name, std::filesystem::path& target) const {
    const auto value = find(name);
    if (value) target = *value;
    const std::string whole = target.string();
    if (!target.is_absolute() || whole.find("..") != std::string::npos ||
        whole.find_first_of("\n\r:,") != std::string::npos) {
      return wrong(name, "'" + whole + "' is not an absolute path", "no '..', ':' or ',' in it");
    }
    return {};
  }

 private:
  const Lookup& lookup_;
};

Result<void> read_instance(const Reader& reader, Environment& result) {
  result.instance = reader.text("CELL_INSTANCE", "cell");
  const std::string& name = result.instance;
  const bool fits = name.size() <= 31 && name[0] >= 'a' && name[0] <= 'z' && name.back() != '-' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                    });
  if (!fits) {
    return wrong("CELL_INSTANCE", "'" + name + "' is not a name for container names",
                 "1 to 31 lower-case letters, digits and hyphens, a letter first");
  }
  result.directory = name == "cell" ? "/var/lib/cell" : "/var/lib/cell-" + name;
  return reader.path("CELL_DIR", result.directory);
}

// A ULA /64 (RFC 4193) that is the same after every start, without being stored anywhere.
std::string derive_ipv6_network(const std::string& instance) {
  static constexpr const char* kHex = "0123456789abcdef";
  const std::string digest = crypto::sha256("cell network " + instance);
  std::string text = "fd";
  for (std::size_t i = 0; i < 5; ++i) {
    if (i % 2 == 1) text += ':';
    const auto byte = static_cast<unsigned char>(digest[i]);
    text += kHex[byte >> 4U];
    text += kHex[byte & 15U];
  }
  return text + ":20::/64";
}

struct HostAddress {
  const char* variable;
  std::string Environment::*target;
  std::uint64_t host;
};

Result<void> read_addresses(const Reader& reader, const wireguard::Subnet& network,
                            const std::array<HostAddress, 4>& hosts, Environment& result) {
  std::map<wireguard::Address, std::string> taken;
  for (const auto& [variable, target, host] : hosts) {
    const auto default_address = wireguard::nth(network, host);
    const auto given = reader.find(variable);
    if (!given && !default_address) return wrong(variable, "the network is too small");
    const std::string text = given ? *given : wireguard::to_string(*default_address);
    const auto address = wireguard::parse_address(text);
    if (!address) return wrong(variable, "'" + text + "' is not an IP address");
    if (!wireguard::contains(network, *address)) {
      return wrong(variable, "'" + text + "' is not inside " + wireguard::to_string(network));
    }
    const auto [other, is_new] = taken.emplace(*address, variable);
    if (!is_new) return wrong(variable, "'" + text + "' is already the address of " + other->second);
    result.*target = wireguard::to_string(*address);
  }
  return {};
}

Result<void> read_networks(const Reader& reader, Environment& result) {
  result.network = reader.text("CELL_NETWORK", result.network);
  const auto v4 = wireguard::parse_subnet(result.network);
  if (!v4 || v4->base.is_ipv6 || v4->prefix < 8 || v4->prefix > 28) {
    return wrong("CELL_NETWORK", "'" + result.network + "' is not an IPv4 network from /8 to /28",
                 "for example 172.20.0.0/16");
  }
  result.network_ipv6 = reader.text("CELL_NETWORK6", derive_ipv6_network(result.instance));
  const auto v6 = wireguard::parse_subnet(result.network_ipv6);
  if (!v6 || !v6->base.is_ipv6 || v6->prefix < 48 || v6->prefix > 112) {
    return wrong("CELL_NETWORK6", "'" + result.network_ipv6 + "' is not an IPv6 network from /48 to /112");
  }
  // One text for one network: what reads it again refuses leading zeros.
  result.network = wireguard::to_string(*v4);
  result.network_ipv6 = wireguard::to_string(*v6);
  using E = Environment;
  CELL_TRY(read_addresses(reader, *v4,
                          {{{"CADDY_IP", &E::caddy_ip, 2},
                            {"DNS_IP", &E::dns_ip, 3},
                            {"NTP_IP", &E::ntp_ip, 4},
                            {"WG_IP", &E::wg_ip, 9}}},
                          result));
  return read_addresses(reader, *v6,
                        {{{"CADDY_IP6", &E::caddy_ip6, 2},
                          {"DNS_IP6", &E::dns_ip6, 3},
                          {"NTP_IP6", &E::ntp_ip6, 4},
                          {"WG_IP6", &E::wg_ip6, 9}}},
                        result);
}

Result<void> read_ports(const Reader& reader, Environment& result) {
  CELL_TRY(reader.port("DNS_PORT", result.dns_port));
  CELL_TRY(reader.port("NTP_PORT", result.ntp_port));
  CELL_TRY(reader.port("WG_PORT", result.wg_port));
  CELL_TRY(reader.port("API_PORT", result.api_port));
  CELL_TRY(reader.port("WEBUI_PORT", result.webui_port));
  CELL_TRY(reader.port("HTTP_PORT", result.http_port));
  CELL_TRY(reader.port("HTTPS_PORT", result.https_port));
  using Port = std::pair<const char*, std::uint16_t>;
  const std::vector<Port> tcp{{"DNS_PORT", result.dns_port},
                              {"API_PORT", result.api_port},
                              {"WEBUI_PORT", result.webui_port},
                              {"HTTP_PORT", result.http_port},
                              {"HTTPS_PORT", result.https_port}};
  // HTTP/3 of the proxy shares HTTPS_PORT over UDP.
  const std::vector<Port> udp{{"DNS_PORT", result.dns_port},
                              {"NTP_PORT", result.ntp_port},
                              {"WG_PORT", result.wg_port},
                              {"HTTPS_PORT", result.https_port}};
  for (const auto* ports : {&tcp, &udp}) {
    std::map<std::uint16_t, const char*> taken;
    for (const auto& [name, port] : *ports) {
      const auto [other, is_new] = taken.emplace(port, name);
      if (!is_new) return wrong(name, std::to_string(port) + " is already the value of " + other->second);
    }
  }
  return {};
}

Result<void> read_log_level(const Reader& reader, Environment& result) {
  result.log_level = lower_ascii(reader.text("CELL_LOG_LEVEL", reader.text("PIC_LOG_LEVEL", "info")));
  if (result.log_level == "warning") result.log_level = "warn";
  static constexpr std::array kLevels{"trace", "debug", "info", "warn", "error", "critical", "off"};
  if (std::find(kLevels.begin(), kLevels.end(), result.log_level) == kLevels.end()) {
    return wrong("CELL_LOG_LEVEL", "'" + result.log_level + "' is not a level",
                 "one of trace, debug, info, warn, error, critical, off");
  }
  const std::string debug = lower_ascii(reader.text("CELL_DEBUG", "0"));
  const bool is_debug = debug == "1" || debug == "true" || debug == "yes";
  if (is_debug) result.log_level = "debug";
  result.log_level_is_set = is_debug || reader.find("CELL_LOG_LEVEL") || reader.find("PIC_LOG_LEVEL");
  if (!is_debug && debug != "0" && debug != "false" && debug != "no")
    return wrong("CELL_DEBUG", "'" + debug + "' is neither 0 nor 1");
  return {};
}

Result<void> read_engine_socket(const Reader& reader, Environment& result) {
  const auto host = reader.find("DOCKER_HOST");
  if (!host) return {};
  constexpr std::string_view kScheme = "unix://";
  if (!host->starts_with(std::string(kScheme) + "/")) {
    return wrong("DOCKER_HOST", "'" + *host + "' is not a unix socket",
                 "for example unix:///var/run/docker.sock");
  }
  result.engine_socket = host->substr(kScheme.size());
  return {};
}

Result<void> read_image_tag(const Reader& reader, Environment& result) {
  result.image_tag = reader.text("CELL_IMAGE_TAG", result.image_tag);
  const bool fits =
      result.image_tag.size() <= 128 && result.image_tag[0] != '.' && result.image_tag[0] != '-' &&
      std::all_of(result.image_tag.begin(), result.image_tag.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
      });
  if (!fits) return wrong("CELL_IMAGE_TAG", "'" + result.image_tag + "' is not an image tag");
  return {};
}

}  // namespace

Result<Environment> read_environment(const Lookup& lookup) {
  const Reader reader(lookup);
  Environment result;
  CELL_TRY(read_instance(reader, result));
  CELL_TRY(read_networks(reader, result));
  CELL_TRY(read_ports(reader, result));
  CELL_TRY(read_log_level(reader, result));
  CELL_TRY(read_engine_socket(reader, result));
  CELL_TRY(read_image_tag(reader, result));
  result.puid = static_cast<int>(CELL_TRY(reader.number("PUID", 0, 0, 2'000'000'000)));
  result.pgid = static_cast<int>(CELL_TRY(reader.number("PGID", 0, 0, 2'000'000'000)));
  result.webui_root = "/usr/share/cell/webui";
  CELL_TRY(reader.path("CELL_WEBUI_DIR", result.webui_root));
  result.store_root = "/usr/share/cell/store";
  CELL_TRY(reader.path("CELL_STORE_DIR", result.store_root));
  result.webui_address = reader.text("WEBUI_ADDRESS", result.webui_address);
  if (!wireguard::parse_address(result.webui_address)) {
    return wrong("WEBUI_ADDRESS", "'" + result.webui_address + "' is not an IP address");
  }
  return result;
}

}  // namespace cell::settings
