#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <cell/config.hpp>

namespace calendar {

// A collection that belongs to several people; a login stands in one of the two lists at most.
struct Shared {
  std::string name;
  std::vector<std::string> write, read;
};

// The lines of `option`: "Family" (everybody writes), "Work: ada, bob" (these write), "Holidays: ada; *" (ada
// writes, all others read). Logins that nobody has are left out: the person may have gone. What cannot be
// read, and a name that comes twice, is noted in `options`.
std::vector<Shared> read_shared(const cell::sdk::Options& options, const char* option,
                                const std::vector<std::string>& logins);

// The folder's name: the same for the same kind and name, whatever else changes.
std::string id_of(std::string_view kind, std::string_view name);

}  // namespace calendar
