#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "domain/services/active.hpp"
#include "plugin/rating.hpp"

// What would happen, before it does.
namespace cell::services {

struct PlanItem {
  std::string kind;  // "container", "volume", "route", "dns", "port", "exit", "image", "files"
  std::string name;
  std::string detail;
  bool operator==(const PlanItem&) const = default;
};

struct Exposure {
  std::uint16_t port = 0;
  std::string protocol;  // "tcp"
  std::string expose;    // "vpn", "lan", "public"
  std::string words;
};

struct Conflict {
  std::string kind;  // "port", "host", "dns", "name", "exit", "disk", "version"
  std::string name;
  std::string detail;
  std::string fix;
};

struct ServicePlan {
  std::string id, version;
  std::string action;  // "install", "update", "configure", "remove"
  std::vector<PlanItem> creates, changes, removes;
  std::vector<Exposure> exposes;
  std::vector<std::string> addresses;
  std::vector<Conflict> conflicts;
  std::vector<plugin::Reason> permissions_added;
  std::int64_t download_bytes = 0;
  std::vector<std::string> warnings;
};

// What this machine says of it, found out by the caller.
struct PlanFacts {
  std::set<std::string> images_here{};                    // references
  std::set<std::string> foreign_containers{};             // names in the engine that are not the cell's
  std::set<std::pair<std::uint16_t, bool>> busy_ports{};  // port, is TCP; none of the service's own
  std::map<std::string, std::vector<plugin::PortWish>> other_ports{};  // by service
  std::int64_t free_bytes = -1;                                        // -1: not known
  std::int64_t free_memory_bytes = -1;
};

// Pure. One of `before` and `after` may be missing: nothing is installed, or it goes.
ServicePlan make_service_plan(const Json& root, const Frame& frame, const std::optional<Active>& before,
                              const std::optional<Active>& after, const PlanFacts& facts);

// The plan of the REST API, in `language`. `token` stands for everything that would be done, so that a plan
// that has changed meanwhile is noticed.
Json to_json(const ServicePlan& plan, const std::string& language, const std::string& token);

// Over what `after` is made of, its package and the conflicts.
std::string token_of(const ServicePlan& plan, const std::optional<Active>& after, const std::string& package);

}  // namespace cell::services
