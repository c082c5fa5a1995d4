#include "hubd/ways.hpp"

#include <array>
#include <cerrno>
#include <filesystem>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/process.hpp"

namespace cell::hubd {
namespace {

using netfilter::Family;

constexpr std::chrono::seconds kLimit{10};
constexpr unsigned kRetryLooks = 5;  // of one second each: a container that is not there yet
constexpr int kMaxNews = 64;         // reads at one look; what is more is there at the next
constexpr unsigned kGroups =
    RTMGRP_IPV4_ROUTE | RTMGRP_IPV4_RULE | RTMGRP_IPV6_ROUTE | 1U << (RTNLGRP_IPV6_RULE - 1U);

std::string option_of(Family family) { return family == Family::ipv4 ? "-4" : "-6"; }

std::vector<Family> families() {
  std::error_code ignored;
  if (std::filesystem::exists("/proc/sys/net/ipv6", ignored)) return {Family::ipv4, Family::ipv6};
  return {Family::ipv4};
}

Result<Json> ask(Family family, std::initializer_list<const char*> words) {
  std::vector<std::string> command{"ip", "-j", "-N", option_of(family)};
  command.insert(command.end(), words.begin(), words.end());
  const auto text = CELL_TRY(run_checked(command, kLimit));
  // No routes at all is no text at all.
  return text.empty() ? Result<Json>(Json::array()) : parse_json(text);
}

Result<netfilter::RouteFacts> facts_of(Family family) {
  netfilter::RouteFacts facts;
  facts.rules = CELL_TRY(ask(family, {"rule", "show"}));
  facts.routes = CELL_TRY(ask(family, {"route", "show", "table", "all"}));
  return facts;
}

// All lines, also after one that fails: one exit that can't be reached must not keep the others from theirs.
Result<void> run_batch(Family family, const std::string& batch) {
  if (batch.empty()) return {};
  CELL_TRY(run_checked({"ip", option_of(family), "-force", "-batch", "-"}, kLimit, batch));
  return {};
}

Result<bool> add_family(const std::vector<netfilter::Exit>& exits, Family family) {
  const auto batches = netfilter::route_batches(exits, family, CELL_TRY(facts_of(family)));
  CELL_TRY(run_batch(family, batches.closing));
  CELL_TRY(run_batch(family, batches.opening));
  return !batches.closing.empty() || !batches.opening.empty();
}

Result<bool> remove_family(const std::vector<netfilter::Exit>& exits, Family family) {
  const auto batches = netfilter::route_batches(exits, family, CELL_TRY(facts_of(family)));
  CELL_TRY(run_batch(family, batches.removal));
  return !batches.removal.empty();
}

}  // namespace

Result<std::unique_ptr<Ways>> Ways::open() {
  const int descriptor = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (descriptor < 0) return from_errno(errno, "cannot open a netlink socket");
  std::unique_ptr<Ways> ways(new Ways(descriptor));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = kGroups;
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return from_errno(errno, "cannot listen to changes of routes");
  return ways;
}

Ways::~Ways() { ::close(descriptor_); }

void Ways::note(const Error& error) {
  problem_ = "the way through an exit is blocked: " + error.message;
  looks_until_retry_ = kRetryLooks;
}

bool Ways::add(const std::vector<netfilter::Exit>& exits) {
  problem_.clear();
  if (exits.empty()) return false;
  may_exist_ = true;
  bool is_changed = false;
  for (const auto family : families()) {
    const auto added = add_family(exits, family);
    if (!added) note(added.error());
    is_changed = is_changed || (added && *added);
  }
  return is_changed;
}

bool Ways::remove_others(const std::vector<netfilter::Exit>& exits) {
  if (!may_exist_) return false;
  bool is_changed = false;
  bool is_clean = true;
  for (const auto family : families()) {
    const auto removed = remove_family(exits, family);
    if (!removed) note(removed.error());
    is_clean = is_clean && removed.ok();
    is_changed = is_changed || (removed && *removed);
  }
  may_exist_ = !exits.empty() || !is_clean;
  return is_changed;
}

// True where there was any, also where so much that the kernel dropped some (ENOBUFS).
bool Ways::take_news() const {
  std::array<char, 16 * 1024> buffer{};
  bool has_news = false;
  for (int count = 0; count < kMaxNews; ++count) {
    const auto size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno != EINTR && errno != ENOBUFS) break;
    has_news = true;
  }
  return has_news;
}

bool Ways::needs_look() {
  const bool has_news = take_news();
  if (!may_exist_) return false;
  if (problem_.empty()) return has_news;
  if (looks_until_retry_ > 0) --looks_until_retry_;
  return has_news || looks_until_retry_ == 0;
}

}  // namespace cell::hubd
