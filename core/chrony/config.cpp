#include "chrony/config.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

namespace cell::chrony {

namespace {

bool is_address(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1 || inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  for (;;) {
    const auto dot = name.find('.');
    const auto label = name.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::all_of(label.begin(), label.end(), [](char c) { return is_alphanumeric(c) || c == '-'; }))
      return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

bool is_subnet(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return is_address(text);
  int bits = -1;
  const auto [end, error] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
  const bool ipv6 = text.find(':') != std::string::npos;
  return error == std::errc{} && end == text.data() + text.size() && bits >= 0 && bits <= (ipv6 ? 128 : 32) &&
         is_address(text.substr(0, slash));
}

}  // namespace

Result<void> check_server(std::string_view server) {
  if (!server.empty() && server.find('\0') == std::string_view::npos &&
      (is_address(std::string(server)) || is_host_name(server)))
    return {};
  return Error{Code::invalid_argument, "'" + std::string(server.substr(0, 100)) + "' is not a time server",
               "write a host name or an address, like time.example.org"};
}

// No drift file: the clock is the host's and is not steered (-x). `local` serves the host's clock while no
// source answers, at a stratum that makes clients prefer anything better.
std::string render(const Settings& settings) {
  std::string out;
  for (const std::string& server : settings.servers) {
    if (check_server(server)) out += "server " + server + " iburst\n";
  }
  for (const std::string& subnet : settings.allow) {
    if (is_subnet(subnet)) out += "allow " + subnet + "\n";
  }
  // chronyc asks over loopback: the command socket needs a folder whose mode chronyd likes, which an image
  // may not have.
  return out + "local stratum 10\nbindcmdaddress 127.0.0.1\nbindcmdaddress ::1\nclientloglimit 1048576\n";
}

}  // namespace cell::chrony
