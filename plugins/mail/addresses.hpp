#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cell/config.hpp>

namespace mail {

// A local part that means the same to every program between here and there: a-z 0-9 . _ + - , no dot at its
// ends.
bool is_local_part(std::string_view text);
// local part, "@", host name; in lower case.
bool is_address(std::string_view text);

// Mail to `address` goes to all of `targets` instead.
struct Alias {
  std::string address;
  std::vector<std::string> targets;
};

// Everybody who has a mailbox, by address, and where else mail goes.
struct Addresses {
  std::string domain;
  std::vector<std::string> mailboxes;
  std::vector<Alias> aliases;
};

// From the accounts and the options `aliases` ("info: ada, bob@example.org"), `catch_all` (a login, or empty)
// and `postmaster`. A target without "@" is a person or an alias of the cell; one that is nobody's is left
// out, because the person may have gone. What cannot be read is noted in the options.
Addresses read_addresses(const cell::sdk::Config& config);

}  // namespace mail
