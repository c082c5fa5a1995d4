#include "wireguard/uapi.hpp"

#include <algorithm>
#include <charconv>

#include "wireguard/key.hpp"

namespace cell::wireguard {
namespace {

const std::string& zero_key() {
  static const std::string zeros(64, '0');
  return zeros;
}

Result<void> add_peer(std::string& text, const PeerConfig& peer) {
  text += "public_key=" + CELL_TRY(key_to_hex(peer.public_key)) + "\n";
  text += "preshared_key=" +
          (peer.preshared_key.empty() ? zero_key() : CELL_TRY(key_to_hex(peer.preshared_key))) + "\n";
  text += "replace_allowed_ips=true\n";
  for (const auto& allowed : peer.allowed_ips) text += "allowed_ip=" + allowed + "\n";
  return {};
}

Error not_understood(std::string_view line) {
  // Only the name: the value may be a key.
  return {Code::internal,
          "the WireGuard socket's '" + std::string(line.substr(0, line.find('='))) + "' is not understood"};
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} && end == text.data() + text.size();
}

Result<void> read_line(std::string_view line, DeviceActual& device) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return not_understood(line);
  const auto name = line.substr(0, equals);
  const auto value = line.substr(equals + 1);
  bool understood = true;
  if (name == "private_key") {
    if (!is_zero_hex(value)) device.private_key = CELL_TRY(key_to_base64(value));
  } else if (name == "listen_port") {
    understood = read_number(value, device.listen_port);
  } else if (name == "public_key") {
    device.peers.emplace_back();
    device.peers.back().config.public_key = CELL_TRY(key_to_base64(value));
  } else if (!device.peers.empty()) {
    auto& peer = device.peers.back();
    if (name == "preshared_key" && !is_zero_hex(value))
      peer.config.preshared_key = CELL_TRY(key_to_base64(value));
    if (name == "endpoint") peer.endpoint = value;
    if (name == "allowed_ip") peer.config.allowed_ips.emplace_back(value);
    if (name == "last_handshake_time_sec") understood = read_number(value, peer.last_handshake);
    if (name == "rx_bytes") understood = read_number(value, peer.rx_bytes);
    if (name == "tx_bytes") understood = read_number(value, peer.tx_bytes);
  }
  if (!understood) return not_understood(line);
  return {};
}

// Calls `use` for each line up to the empty one.
template <class Use>
Result<void> each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty()) break;
    CELL_TRY(use(line));
  }
  return {};
}

}  // namespace

Result<std::string> render_uapi(const DeviceChange& change) {
  std::string text = "set=1\n";
  if (change.private_key) text += "private_key=" + CELL_TRY(key_to_hex(*change.private_key)) + "\n";
  if (change.listen_port) text += "listen_port=" + std::to_string(*change.listen_port) + "\n";
  for (const auto& key : change.remove) text += "public_key=" + CELL_TRY(key_to_hex(key)) + "\nremove=true\n";
  for (const auto& peer : change.upsert) CELL_TRY(add_peer(text, peer));
  return text + "\n";
}

Result<int> uapi_errno(std::string_view answer) {
  constexpr std::string_view kName = "errno=";
  const auto at = answer.rfind(kName);
  if (at == std::string_view::npos) return not_understood("errno");
  const auto digits = answer.substr(at + kName.size());
  int number = 0;
  if (!read_number(digits.substr(0, digits.find('\n')), number)) return not_understood("errno");
  return number;
}

Result<DeviceActual> parse_uapi(std::string_view answer) {
  const int error_number = CELL_TRY(uapi_errno(answer));
  if (error_number != 0) return from_errno(error_number, "cannot read the state of WireGuard");
  DeviceActual device;
  CELL_TRY(each_line(answer, [&](std::string_view line) { return read_line(line, device); }));
  for (auto& peer : device.peers) std::sort(peer.config.allowed_ips.begin(), peer.config.allowed_ips.end());
  return device;
}

}  // namespace cell::wireguard
