#include "addresses.hpp"

#include <algorithm>
#include <set>

#include <cell/text.hpp>

namespace mail {

namespace {

using cell::sdk::Config;
using cell::sdk::Options;
using cell::sdk::split_list;
using cell::sdk::trimmed;

constexpr std::string_view kLocalCharacters = "abcdefghijklmnopqrstuvwxyz0123456789._+-";
constexpr std::size_t kMaxLocalPart = 64;  // RFC 5321, 4.5.3.1

// What a name without "@" can mean.
std::set<std::string> known_addresses(const Addresses& addresses, const std::vector<std::string>& lines) {
  std::set<std::string> known(addresses.mailboxes.begin(), addresses.mailboxes.end());
  for (const std::string& line : lines)
    known.insert(std::string(trimmed(std::string_view(line).substr(0, line.find(':')))) + "@" +
                 addresses.domain);
  return known;
}

void read_alias(const std::string& line, const std::set<std::string>& known, const Options& options,
                Addresses& into) {
  const auto colon = line.find(':');
  const std::string name(trimmed(std::string_view(line).substr(0, colon)));
  if (colon == std::string::npos || !is_local_part(name)) {
    options.reject("aliases", "'" + line + "' is not like 'info: ada, bob@example.org'");
    return;
  }
  Alias alias{name + "@" + into.domain, {}};
  for (const std::string& target : split_list(std::string_view(line).substr(colon + 1), ',')) {
    const std::string address = target.find('@') == std::string::npos ? target + "@" + into.domain : target;
    if (!is_address(address)) {
      options.reject("aliases", "'" + target + "' is neither a person of the cell nor an address");
      continue;
    }
    if (target != address && !known.contains(address)) continue;
    if (std::find(alias.targets.begin(), alias.targets.end(), address) == alias.targets.end())
      alias.targets.push_back(address);
  }
  const auto is_same = [&](const Alias& other) { return other.address == alias.address; };
  if (std::any_of(into.aliases.begin(), into.aliases.end(), is_same))
    options.reject("aliases", "'" + name + "' is there twice");
  else if (!alias.targets.empty())
    into.aliases.push_back(std::move(alias));
}

bool has(const Addresses& addresses, const std::string& address) {
  const auto is_it = [&](const Alias& alias) { return alias.address == address; };
  return std::find(addresses.mailboxes.begin(), addresses.mailboxes.end(), address) !=
             addresses.mailboxes.end() ||
         std::any_of(addresses.aliases.begin(), addresses.aliases.end(), is_it);
}

// RFC 5321, 4.5.1: mail to postmaster has to arrive; RFC 2142 wants abuse as well.
void add_required(const std::string& postmaster, Addresses& into) {
  const std::string chosen = postmaster + "@" + into.domain;
  const bool exists = std::find(into.mailboxes.begin(), into.mailboxes.end(), chosen) != into.mailboxes.end();
  if (!exists && into.mailboxes.empty()) return;
  for (const char* name : {"postmaster", "abuse"}) {
    const std::string address = std::string(name) + "@" + into.domain;
    if (!has(into, address)) into.aliases.push_back({address, {exists ? chosen : into.mailboxes.front()}});
  }
}

// Postfix looks for the address first and for "@domain" then: each mailbox is its own alias, so that the
// catch-all takes only what is nobody's.
void add_catch_all(const std::string& login, Addresses& into) {
  const std::string address = login + "@" + into.domain;
  if (std::find(into.mailboxes.begin(), into.mailboxes.end(), address) == into.mailboxes.end()) return;
  for (const std::string& mailbox : into.mailboxes)
    if (const auto is_same = [&](const Alias& alias) { return alias.address == mailbox; };
        std::none_of(into.aliases.begin(), into.aliases.end(), is_same))
      into.aliases.push_back({mailbox, {mailbox}});
  into.aliases.push_back({"@" + into.domain, {address}});
}

}  // namespace

bool is_local_part(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLocalPart &&
         text.find_first_not_of(kLocalCharacters) == std::string_view::npos && text.front() != '.' &&
         text.front() != '-' && text.back() != '.' && text.find("..") == std::string_view::npos;
}

bool is_address(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && is_local_part(text.substr(0, at)) &&
         cell::sdk::is_host_name(text.substr(at + 1));
}

Addresses read_addresses(const Config& config) {
  Addresses addresses{config.cell().domain, {}, {}};
  for (const cell::sdk::Account& account : config.accounts()) addresses.mailboxes.push_back(account.login);
  const Options& options = config.options();
  const std::vector<std::string> lines = options.lines("aliases");
  const std::set<std::string> known = known_addresses(addresses, lines);
  for (const std::string& line : lines) read_alias(line, known, options, addresses);
  add_required(options.line("postmaster", ""), addresses);
  if (const std::string login = options.line("catch_all", ""); !login.empty())
    add_catch_all(login, addresses);
  return addresses;
}

}  // namespace mail
