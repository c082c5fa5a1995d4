#include "plugin/rating.hpp"

#include "plugin/permissions.hpp"
#include "plugin/rating_words.hpp"

namespace cell::plugin {

namespace {

constexpr int kBest = 6;
constexpr int kWorst = 1;

// What takes points off, by the key of its sentence; what is not here is told, but takes none.
const std::map<std::string, int> kWeights{
    {"in_process", 1}, {"ports.public", 2}, {"ports.lan", 1}, {"dns", 1},  {"accounts", 1},
    {"people", 1},     {"peers", 1},        {"exits", 2},     {"http", 1}, {"capabilities.network", 2},
    {"devices", 1},    {"root", 1}};
// Those with which a program in a container can do more than to its own files.
const std::set<std::string> kStrongCapabilities{"NET_ADMIN", "SYS_PTRACE"};

int weight_of(const std::string& key) {
  const auto found = kWeights.find(key);
  return found == kWeights.end() ? 0 : found->second;
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

std::vector<std::string> items_of(const Permission& permission, const char* list) {
  std::vector<std::string> items;
  for (const Json& item : json_member(permission.details, list)) items.push_back(item.get<std::string>());
  return items;
}

void add(std::vector<Reason>& reasons, const Permission& permission, const std::string& key,
         const std::vector<std::string>& items = {}) {
  reasons.push_back(
      {permission.capability, weight_of(key), words_for(key, joined(items)), permission.reason});
}

void add_ports(std::vector<Reason>& reasons, const Permission& permission) {
  std::map<std::string, std::vector<std::string>> by_exposure;
  for (const Json& port : json_member(permission.details, "ports")) {
    by_exposure[json_string(port, "expose")].push_back(std::to_string(json_int(port, "port")) + "/" +
                                                       json_string(port, "protocol"));
  }
  for (const char* exposure : {"public", "lan", "vpn"}) {
    const auto found = by_exposure.find(exposure);
    if (found != by_exposure.end()) add(reasons, permission, std::string("ports.") + exposure, found->second);
  }
}

void add_capabilities(std::vector<Reason>& reasons, const Permission& permission) {
  const std::vector<std::string> items = items_of(permission, "capabilities");
  const bool strong = std::any_of(items.begin(), items.end(),
                                  [](const std::string& item) { return kStrongCapabilities.contains(item); });
  add(reasons, permission, strong ? "capabilities.network" : "capabilities", items);
}

void add_permission(std::vector<Reason>& reasons, const Permission& permission) {
  const std::string& capability = permission.capability;
  if (capability == "ports") return add_ports(reasons, permission);
  if (capability == "capabilities") return add_capabilities(reasons, permission);
  if (capability == "hosts" || capability == "http")
    return add(reasons, permission, capability, items_of(permission, "hosts"));
  if (capability == "devices") return add(reasons, permission, capability, items_of(permission, "devices"));
  add(reasons, permission, capability);
}

Reason hosting_reason(bool in_process) {
  const std::string key = in_process ? "in_process" : "isolated";
  return {key, weight_of(key), words_for(key), {}};
}

void put_heaviest_first(std::vector<Reason>& reasons) {
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const Reason& left, const Reason& right) { return left.weight > right.weight; });
}

Json ports_added(const Manifest& before, const Permission& after) {
  Json added = Json::array();
  for (const Json& port : json_member(after.details, "ports")) {
    const auto had = allowed_exposure(before, static_cast<std::uint16_t>(json_int(port, "port")),
                                      json_string(port, "protocol") == "tcp");
    if (json_string(port, "expose") == "none") continue;
    const auto rank = [](std::string_view word) {
      constexpr std::array<std::string_view, 4> kOrder{"none", "vpn", "lan", "public"};
      return std::find(kOrder.begin(), kOrder.end(), word) - kOrder.begin();
    };
    if (!had || rank(to_string(*had)) < rank(json_string(port, "expose"))) added.push_back(port);
  }
  return added;
}

// The permission cut down to what `before` did not have; none when that is nothing.
std::optional<Permission> added(const Manifest& before, const Permission& after) {
  const Permission* old = before.permission(after.capability);
  if (old == nullptr) return after;
  Permission cut = after;
  for (auto& [list, items] : cut.details.items()) {
    if (list == "ports") {
      items = ports_added(before, after);
      continue;
    }
    const Json& had = json_member(old->details, list);
    Json fresh = Json::array();
    for (const Json& item : items) {
      if (std::find(had.begin(), had.end(), item) == had.end()) fresh.push_back(item);
    }
    items = fresh;
  }
  const bool is_empty =
      std::all_of(cut.details.begin(), cut.details.end(), [](const Json& list) { return list.empty(); });
  return is_empty ? std::optional<Permission>{} : std::optional<Permission>(cut);
}

}  // namespace

Rating rate(const Manifest& manifest, bool in_process) {
  Rating rating;
  if (manifest.kind == Kind::native) rating.reasons.push_back(hosting_reason(in_process));
  for (const Permission& permission : manifest.permissions) add_permission(rating.reasons, permission);
  put_heaviest_first(rating.reasons);
  int points = kBest;
  for (const Reason& reason : rating.reasons) points -= reason.weight;
  rating.score = std::max(points, kWorst);
  return rating;
}

std::vector<Reason> widened(const Manifest& before, const Manifest& after, bool in_process) {
  std::vector<Reason> reasons;
  if (before.kind != Kind::native && after.kind == Kind::native)
    reasons.push_back(hosting_reason(in_process));
  for (const Permission& permission : after.permissions) {
    if (const auto cut = added(before, permission)) add_permission(reasons, *cut);
  }
  put_heaviest_first(reasons);
  return reasons;
}

}  // namespace cell::plugin
