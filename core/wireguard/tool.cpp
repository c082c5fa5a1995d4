#include "wireguard/tool.hpp"

#include <algorithm>
#include <charconv>

namespace cell::wireguard {
namespace {

constexpr std::string_view kNone = "(none)";
constexpr std::size_t kInterfaceColumns = 4;  // private key, public key, port, fwmark
constexpr std::size_t kPeerColumns = 8;       // key, psk, endpoint, allowed ips, handshake, rx, tx, keepalive

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

std::string value_or_empty(std::string_view text) {
  return text == kNone ? std::string{} : std::string(text);
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size();
}

Error not_understood() { return {Code::internal, "the answer of 'wg show dump' is not understood"}; }

Result<PeerActual> read_peer(const std::vector<std::string_view>& columns) {
  if (columns.size() != kPeerColumns) return not_understood();
  PeerActual peer;
  peer.config.public_key = columns[0];
  peer.config.preshared_key = value_or_empty(columns[1]);
  peer.endpoint = value_or_empty(columns[2]);
  if (columns[3] != kNone) {
    for (const auto allowed : split(columns[3], ',')) peer.config.allowed_ips.emplace_back(allowed);
  }
  std::sort(peer.config.allowed_ips.begin(), peer.config.allowed_ips.end());
  if (!read_number(columns[4], peer.last_handshake) || !read_number(columns[5], peer.rx_bytes) ||
      !read_number(columns[6], peer.tx_bytes)) {
    return not_understood();
  }
  return peer;
}

}  // namespace

std::string render_syncconf(const DeviceConfig& device) {
  std::string text = "[Interface]\nPrivateKey = " + device.private_key +
                     "\nListenPort = " + std::to_string(device.listen_port) + "\n";
  for (const auto& peer : device.peers) {
    text += "\n[Peer]\nPublicKey = " + peer.public_key + "\n";
    if (!peer.preshared_key.empty()) text += "PresharedKey = " + peer.preshared_key + "\n";
    text += "AllowedIPs = " + joined(peer.allowed_ips) + "\n";
  }
  return text;
}

Result<DeviceActual> parse_dump(std::string_view text) {
  DeviceActual device;
  bool has_interface = false;
  for (const auto line : split(text, '\n')) {
    if (line.empty()) continue;
    const auto columns = split(line, '\t');
    if (has_interface) {
      device.peers.push_back(CELL_TRY(read_peer(columns)));
      continue;
    }
    if (columns.size() != kInterfaceColumns || !read_number(columns[2], device.listen_port))
      return not_understood();
    device.private_key = value_or_empty(columns[0]);
    has_interface = true;
  }
  if (!has_interface) return not_understood();
  return device;
}

std::vector<ToolCall> tool_calls(const std::string& interface, const DeviceChange& change) {
  std::vector<ToolCall> calls;
  ToolCall device{{"wg", "set", interface}, {}};
  if (change.listen_port) {
    device.arguments.insert(device.arguments.end(), {"listen-port", std::to_string(*change.listen_port)});
  }
  if (change.private_key) {
    device.arguments.insert(device.arguments.end(), {"private-key", "/dev/stdin"});
    device.input = *change.private_key + "\n";
  }
  for (const auto& key : change.remove)
    device.arguments.insert(device.arguments.end(), {"peer", key, "remove"});
  if (device.arguments.size() > 3) calls.push_back(std::move(device));
  for (const auto& peer : change.upsert) {
    const bool has_preshared_key = !peer.preshared_key.empty();
    calls.push_back(
        {{"wg", "set", interface, "peer", peer.public_key, "preshared-key",
          has_preshared_key ? "/dev/stdin" : "/dev/null", "allowed-ips", joined(peer.allowed_ips)},
         has_preshared_key ? peer.preshared_key + "\n" : std::string{}});
  }
  return calls;
}

}  // namespace cell::wireguard
