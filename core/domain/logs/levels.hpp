#pragma once

#include <map>
#include <set>
#include <string>

#include "base/json.hpp"
#include "base/result.hpp"

// Section `logging` as values. Pure.
namespace cell::logs {

struct Levels {
  std::string root = "info";
  std::map<std::string, std::string> services;  // with a level of their own
  std::map<std::string, std::string> containers;
  bool operator==(const Levels&) const = default;
};
Levels levels_of(const Json& document);
void set_levels(Json& document, const Levels& levels);

// `now` with what the body of PUT /api/logs/verbosity asks for. Field errors name unknown members, services,
// containers and levels. Names of levels are kept in their usual spelling ("WARNING" becomes "warn").
// `services`: those that have a logger.
Result<Levels> changed_levels(const Levels& now, const Json& body, const std::set<std::string>& services);

// `now` with what is understood of a log_levels.json of earlier versions.
Levels with_old_levels(const Levels& now, const Json& old);

}  // namespace cell::logs
