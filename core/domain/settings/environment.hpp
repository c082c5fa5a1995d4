#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace cell::settings {

// What the machine's owner sets outside the configuration document: names, addresses and ports that must be
// known before it can be read. From the process environment, then `.env`, then the defaults of spec.md §1.
struct Environment {
  std::string instance = "cell";          // CELL_INSTANCE
  std::filesystem::path directory;        // CELL_DIR, default /var/lib/cell or /var/lib/cell-<instance>
  std::string network = "172.20.0.0/16";  // CELL_NETWORK
  std::string network_ipv6;               // CELL_NETWORK6; derived from the instance's name when not set
  std::string caddy_ip, dns_ip, ntp_ip, wg_ip;      // CADDY_IP … WG_IP; default .2 .3 .4 .9 of the network
  std::string caddy_ip6, dns_ip6, ntp_ip6, wg_ip6;  // derived from network_ipv6 likewise
  std::uint16_t dns_port = 53, ntp_port = 123, wg_port = 51820, api_port = 3000, webui_port = 8081,
                http_port = 80, https_port = 443;
  std::string webui_address = "0.0.0.0";  // WEBUI_ADDRESS
  int puid = 0, pgid = 0;
  std::string log_level = "info";  // CELL_LOG_LEVEL, alias PIC_LOG_LEVEL; CELL_DEBUG=1 means debug
  bool log_level_is_set = false;   // one of these three says so
  std::filesystem::path engine_socket = "/var/run/docker.sock";  // DOCKER_HOST=unix://…
  std::filesystem::path webui_root;  // CELL_WEBUI_DIR, default /usr/share/cell/webui
  std::filesystem::path store_root;  // CELL_STORE_DIR, default /usr/share/cell/store
  std::string image_tag = "1";       // CELL_IMAGE_TAG
};

using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

// Every wrong value is an error that names the variable. Ports must differ where they share a protocol.
Result<Environment> read_environment(const Lookup& lookup);

// KEY=VALUE lines, `#` comments, optional quotes; anything else is refused with its line number.
Result<std::map<std::string, std::string>> parse_env_file(std::string_view text);

}  // namespace cell::settings
