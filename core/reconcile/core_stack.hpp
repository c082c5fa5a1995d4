#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "reconcile/desired.hpp"

namespace cell::reconcile {

struct PartAddress {
  std::string ipv4;
  std::string ipv6;  // empty where the cell's network has no IPv6
};

// What the cell's own parts depend on, besides the documents they are given.
struct CoreSettings {
  std::string instance = "cell";
  std::filesystem::path directory;  // CELL_DIR
  std::string image_tag = "1";
  std::string network_ipv4;  // "172.20.0.0/16"
  std::string network_ipv6;  // empty: no IPv6
  PartAddress caddy, dns, ntp, wireguard;
  std::uint16_t http_port = 80, https_port = 443, dns_port = 53, ntp_port = 123, wg_port = 51820;
  std::string timezone;  // "Europe/Vienna"; empty: UTC
};

// Names of the parts' containers, and where their things lie.
struct CoreNames {
  std::string network, caddy, dns, ntp, wireguard;
  std::filesystem::path caddy_admin_socket, celld_socket, hub_socket;
  std::filesystem::path caddy_config, caddy_data, dns_config, ntp_config, hub_config;
  std::filesystem::path caddy_saved;  // config/caddy/caddy.json
  std::filesystem::path corefile, chrony_conf;
};
CoreNames core_names(const std::string& instance, const std::filesystem::path& directory);

// The network and the containers of proxy, DNS, time and VPN, without documents. Pure.
Desired core_stack(const CoreSettings& settings);

}  // namespace cell::reconcile
