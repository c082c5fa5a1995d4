#pragma once

#include <string>
#include <vector>

#include <cell/json.hpp>

namespace mail {

// The tables that Postfix reads, in the server's container.
inline constexpr const char* kMailboxTable = "/run/cell-mail/mailboxes";
inline constexpr const char* kAliasTable = "/run/cell-mail/virtual";

// Every address of the domain with `kind` "mailbox", "alias" or "catch_all" and the `targets` that its mail
// goes to, as both tables have it. The address of a catch-all is "@<domain>". Pure.
cell::sdk::Json list_addresses(const std::string& mailboxes, const std::string& aliases);

}  // namespace mail
