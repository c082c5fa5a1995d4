#include "netfilter/policy_route.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace cell::netfilter {
namespace {

constexpr unsigned kMarkShift = 16;
constexpr unsigned kMaxNumber = 4095;
constexpr const char* kMarkMask = "0xfff0000";
// Number of the table and priority of its rule: above the kernel's own tables (253…255), before the main
// table's rule (32766).
constexpr unsigned kFirstTable = 10'000;
constexpr std::int64_t kWayMetric = 100;
constexpr std::int64_t kBlackholeMetric = 4096;
constexpr std::string_view kBlackhole = "6";  // RTN_BLACKHOLE, as -N writes it

std::string table_of(unsigned number) { return std::to_string(kFirstTable + number); }

bool is_ours(std::int64_t table) { return table > kFirstTable && table <= kFirstTable + kMaxNumber; }

// Numbers stand in quotes in what ip answers; 0 where there is none.
std::int64_t table_in(const Json& entry) {
  const auto text = json_string(entry, "table");
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string rule_text(unsigned number) {
  return "fwmark " + exit_mark_text(number) + "/" + kMarkMask + " lookup " + table_of(number) + " pref " +
         table_of(number);
}

bool has_rule(const Json& rules, unsigned number) {
  return std::any_of(rules.begin(), rules.end(), [&](const Json& rule) {
    return table_in(rule) == kFirstTable + number && json_int(rule, "priority") == kFirstTable + number &&
           json_string(rule, "fwmark") == exit_mark_text(number) && json_string(rule, "fwmask") == kMarkMask;
  });
}

bool is_blackhole(const Json& route) {
  return json_string(route, "type") == kBlackhole && json_int(route, "metric") == kBlackholeMetric;
}

bool is_way(const Json& route, const std::string& address) {
  return !address.empty() && json_string(route, "gateway") == address &&
         json_int(route, "metric") == kWayMetric;
}

template <class Is>
bool has_default(const Json& routes, unsigned number, const Is& is) {
  return std::any_of(routes.begin(), routes.end(), [&](const Json& route) {
    return table_in(route) == kFirstTable + number && json_string(route, "dst") == "default" && is(route);
  });
}

const std::string& address_of(const Exit& exit, Family family) {
  return family == Family::ipv4 ? exit.ipv4 : exit.ipv6;
}

void add_exit(const Exit& exit, Family family, const RouteFacts& facts, RouteBatches& batches) {
  const auto& address = address_of(exit, family);
  const auto table = " table " + table_of(exit.number) + "\n";
  if (!has_default(facts.routes, exit.number, is_blackhole))
    batches.closing += "route replace blackhole default metric " + std::to_string(kBlackholeMetric) + table;
  if (!has_rule(facts.rules, exit.number)) batches.closing += "rule add " + rule_text(exit.number) + "\n";
  const auto is_right = [&](const Json& route) { return is_way(route, address); };
  if (!address.empty() && !has_default(facts.routes, exit.number, is_right))
    batches.opening +=
        "route replace default via " + address + " metric " + std::to_string(kWayMetric) + table;
}

// Whatever else leads out of a table that is wanted, such as the way of an exit that lost its address.
std::string stray_routes(const std::vector<Exit>& exits, Family family, const Json& routes) {
  std::string batch;
  for (const Exit& exit : exits) {
    for (const Json& route : routes) {
      if (table_in(route) != kFirstTable + exit.number || is_blackhole(route)) continue;
      if (is_way(route, address_of(exit, family))) continue;
      batch += "route del " + json_string(route, "dst") + " metric " +
               std::to_string(json_int(route, "metric")) + " table " + table_of(exit.number) + "\n";
    }
  }
  return batch;
}

}  // namespace

std::uint32_t exit_mark(unsigned number) { return number << kMarkShift; }

std::string exit_mark_text(unsigned number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (unsigned rest = number; rest != 0; rest >>= 4U) digits.insert(digits.begin(), kDigits[rest & 0xFU]);
  return "0x" + digits + "0000";
}

RouteBatches route_batches(const std::vector<Exit>& exits, Family family, const RouteFacts& facts) {
  RouteBatches batches;
  std::set<std::int64_t> wanted;
  for (const Exit& exit : exits) {
    add_exit(exit, family, facts, batches);
    wanted.insert(kFirstTable + exit.number);
  }
  for (const Json& rule : facts.rules) {
    const auto priority = json_int(rule, "priority");
    if (is_ours(priority) && !wanted.contains(priority))
      batches.removal += "rule del pref " + std::to_string(priority) + "\n";
  }
  std::set<std::int64_t> emptied;
  for (const Json& route : facts.routes) {
    const auto table = table_in(route);
    if (is_ours(table) && !wanted.contains(table) && emptied.insert(table).second)
      batches.removal += "route flush table " + std::to_string(table) + "\n";
  }
  batches.removal += stray_routes(exits, family, facts.routes);
  return batches;
}

}  // namespace cell::netfilter
