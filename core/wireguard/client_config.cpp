#include "wireguard/client_config.hpp"

namespace cell::wireguard {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

void add_line(std::string& text, const std::string& key, const std::string& value) {
  if (!value.empty()) text += key + " = " + value + "\n";
}

// The name is the only free text here; a line break in it would start a line of its own.
std::string comment_text(const std::string& name) {
  std::string text;
  for (const char c : name) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  return text;
}

std::string endpoint(const ClientConfig& config) {
  const bool needs_brackets =
      config.endpoint_host.find(':') != std::string::npos && config.endpoint_host.front() != '[';
  const auto host = needs_brackets ? "[" + config.endpoint_host + "]" : config.endpoint_host;
  return host + ":" + std::to_string(config.endpoint_port);
}

}  // namespace

std::string render(const ClientConfig& config) {
  std::string text;
  if (!config.name.empty()) text += "# " + comment_text(config.name) + "\n";
  text += "[Interface]\n";
  add_line(text, "PrivateKey", config.private_key);
  add_line(text, "Address", joined(config.addresses));
  add_line(text, "DNS", joined(config.dns));
  if (config.mtu != 0) add_line(text, "MTU", std::to_string(config.mtu));
  text += "\n[Peer]\n";
  add_line(text, "PublicKey", config.server_public_key);
  add_line(text, "PresharedKey", config.preshared_key);
  add_line(text, "AllowedIPs", joined(config.allowed_ips));
  if (!config.endpoint_host.empty()) add_line(text, "Endpoint", endpoint(config));
  if (config.persistent_keepalive != 0) {
    add_line(text, "PersistentKeepalive", std::to_string(config.persistent_keepalive));
  }
  return text;
}

}  // namespace cell::wireguard
