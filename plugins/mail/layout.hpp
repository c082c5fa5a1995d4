#pragma once

#include <vector>

#include <cell/config.hpp>
#include <cell/contributions.hpp>

#include "addresses.hpp"

namespace mail {

// docker-mailserver's configuration folder, so that its published image can take the place of ours.
inline constexpr const char* kFolder = "/tmp/docker-mailserver";
inline constexpr const char* kSelector = "mail";

// postfix-accounts.cf (several lines of one address: a password a device), postfix-virtual.cf,
// dovecot-quotas.cf, the relay's two files, opendkim/ and ssl/. invalid_argument for an account or a password
// hash that would mean something else in these files.
cell::sdk::Result<std::vector<cell::sdk::File>> files_of(const cell::sdk::Config& config,
                                                         const Addresses& addresses);

// "[smtp.example.org]:587", or empty without a relay.
std::string relay_of(const cell::sdk::Config& config);

}  // namespace mail
