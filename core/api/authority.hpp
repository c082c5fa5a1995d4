#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cell::api {

// "files.home.cell:8443" of a Host header.
struct Authority {
  std::string host;  // in lower case
  std::string port;  // with its colon; empty: the scheme's own
};

// Nothing for a port that is not a colon and 1–5 digits: it would end up in an address, and behind
// "files.home.cell:@" stands another host.
std::optional<Authority> parse_authority(std::string_view text);

}  // namespace cell::api
