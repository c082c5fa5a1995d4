#pragma once

#include <string>

#include "crypto/openssl.hpp"

// Inside core/crypto only: host names and addresses as X.509 writes them.
namespace cell::crypto {

using GeneralNamePtr = std::unique_ptr<GENERAL_NAME, FreeWith<GENERAL_NAME_free>>;

// A host name ("nas.home.cell", "*.home.cell") for the subject alternative names.
Result<GeneralNamePtr> host_name(const std::string& text);

// Bases of subtrees for name constraints (RFC 5280 §4.2.1.10): a domain with everything below it, and all
// addresses.
Result<GeneralNamePtr> domain(const std::string& text);
Result<GeneralNamePtr> every_ipv4_address();
Result<GeneralNamePtr> every_ipv6_address();

}  // namespace cell::crypto
