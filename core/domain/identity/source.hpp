#pragma once

#include <string>
#include <string_view>

#include "wireguard/address.hpp"

namespace cell::identity {

// A client's address; one of the form ::ffff:a.b.c.d (RFC 4291 §2.5.5.2) becomes the IPv4 address it stands
// for.
Result<wireguard::Address> client_address(std::string_view text);

// What attempts are counted by: an IPv4 address, the /64 of an IPv6 one (one line has 2^64 addresses of its
// own), or the text itself when it is no address.
std::string source_key(std::string_view address);

}  // namespace cell::identity
