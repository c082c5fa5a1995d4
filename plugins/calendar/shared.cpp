#include "shared.hpp"

#include <algorithm>
#include <cstdint>
#include <set>

#include <cell/text.hpp>

namespace calendar {

namespace {

using cell::sdk::split_list;
using cell::sdk::trimmed;

// The logins that `named` means, in the order of `logins`; "*" means all of them.
std::vector<std::string> resolve(const std::vector<std::string>& named,
                                 const std::vector<std::string>& logins) {
  const auto is_named = [&](const std::string& text) {
    return std::find(named.begin(), named.end(), text) != named.end();
  };
  std::vector<std::string> result;
  for (const std::string& login : logins)
    if (is_named("*") || is_named(login)) result.push_back(login);
  return result;
}

Shared parse(std::string_view line, const std::vector<std::string>& logins) {
  const auto colon = line.find(':');
  Shared shared{std::string(trimmed(line.substr(0, colon))), {}, {}};
  if (colon == std::string_view::npos) {
    shared.write = logins;
    return shared;
  }
  const std::string_view who = line.substr(colon + 1);
  const auto semicolon = who.find(';');
  shared.write = resolve(split_list(who.substr(0, semicolon), ','), logins);
  if (semicolon == std::string_view::npos) return shared;
  for (std::string& login : resolve(split_list(who.substr(semicolon + 1), ','), logins)) {
    if (std::find(shared.write.begin(), shared.write.end(), login) == shared.write.end())
      shared.read.push_back(std::move(login));
  }
  return shared;
}

}  // namespace

std::vector<Shared> read_shared(const cell::sdk::Options& options, const char* option,
                                const std::vector<std::string>& logins) {
  std::vector<Shared> all;
  std::set<std::string> names;
  for (const std::string& line : options.lines(option)) {
    Shared shared = parse(line, logins);
    if (shared.name.empty()) options.reject(option, "'" + line + "' has no name before the colon");
    if (!names.insert(shared.name).second) options.reject(option, "'" + shared.name + "' is there twice");
    all.push_back(std::move(shared));
  }
  return all;
}

std::string id_of(std::string_view kind, std::string_view name) {
  // FNV-1a, 64 bits: names may be in any script, folders are not.
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto mix = [&hash](std::string_view text) {
    for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  };
  mix(kind);
  mix("\n");
  mix(name);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(hash >> shift) & 0xf];
  return text;
}

}  // namespace calendar
