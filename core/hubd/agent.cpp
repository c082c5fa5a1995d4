#include "hubd/agent.hpp"

#include <algorithm>
#include <set>

#include "base/version.hpp"
#include "hubd/link.hpp"
#include "hubd/translate.hpp"

namespace cell::hubd {
namespace {

constexpr std::chrono::seconds kMaxPause{30};
constexpr std::size_t kMaxWholeChanges = 2'000;  // above this a refill is cheaper than element updates

std::string first_of(std::initializer_list<std::string> texts) {
  const auto* found =
      std::find_if(texts.begin(), texts.end(), [](const std::string& text) { return !text.empty(); });
  return found == texts.end() ? std::string{} : *found;
}

}  // namespace

Agent::Agent(std::string interface, std::unique_ptr<Firewall> firewall, std::unique_ptr<Device> device,
             std::unique_ptr<Ways> ways, std::unique_ptr<hub::Store> store, log::Logger log)
    : interface_(std::move(interface)),
      firewall_(std::move(firewall)),
      device_(std::move(device)),
      ways_(std::move(ways)),
      store_(std::move(store)),
      log_(std::move(log)) {}

void Agent::restore() {
  auto stored = store_->load();
  if (!stored) {
    store_problem_ = stored.error().message;
    log_.error("stored document cannot be used, nothing passes until a new one comes",
               {{"reason", store_problem_}});
    return;
  }
  if (!*stored) return;
  applied_.emplace(std::move(**stored));
  repair();
  // Before the first change: a line must not be written behind a torn one.
  tidy();
}

Result<hub::ApplyReport> Agent::apply(const hub::Document& document) {
  CELL_TRY(check_pools(document));
  auto report = make_true(document);
  if (!report) {
    roll_back(report.error());
    return report;
  }
  const auto hash = hub::hash_of(document);
  const bool is_new = !applied_ || applied_->hash() != hash;
  applied_.emplace(document);
  is_in_force_ = true;
  problem_.clear();
  if (is_new || !is_stored_) note_store(store_->save(document));
  report->document_hash = hash;
  log_.info("document applied", {{"hash", hash},
                                 {"peers", document.peers.size()},
                                 {"wireguard", report->wireguard_changed},
                                 {"firewall", report->firewall_changed}});
  return report;
}

Result<hub::ApplyReport> Agent::change_peers(const std::string& base_hash,
                                             const std::vector<hub::Peer>& upsert,
                                             const std::vector<std::string>& remove_keys) {
  if (!applied_ || !is_in_force_ || applied_->hash() != base_hash) {
    return Error{Code::conflict, "the hub has another document in force than the change builds on",
                 "send the whole document"};
  }
  if (firewall_->is_foreign()) repair();
  const auto changes = CELL_TRY(applied_->plan(upsert, remove_keys));
  CELL_TRY(check_pools(applied_->settings(), changes));
  auto report = make_changes(changes);
  if (!report) {
    roll_back(report.error());
    return report;
  }
  problem_.clear();
  if (!changes.empty()) {
    applied_->apply(changes);
    // A whole save is still owed: a line would build on a document that is not on disk.
    if (is_stored_) note_store(store_->append(base_hash, changes, applied_->hash()));
    log_.info("peers changed", {{"hash", applied_->hash()}, {"changes", changes.size()}});
  }
  report->document_hash = applied_->hash();
  return report;
}

Result<hub::ApplyReport> Agent::make_true(const hub::Document& document) {
  hub::ApplyReport report;
  std::vector<hub::PeerChange> changes;
  if (applied_) changes = applied_->plan(document);
  auto steps = steps_of(changes);
  const auto frame = frame_of(document, interface_);
  const bool has_new_ways = ways_->add(frame.exits);
  const bool by_steps = applied_ && is_in_force_ && !firewall_->is_foreign() &&
                        changes.size() <= kMaxWholeChanges &&
                        frame_of(applied_->settings(), interface_) == frame;
  if (by_steps) {
    report.firewall_changed = CELL_TRY(firewall_->change(steps.firewall_first));
  } else {
    steps.firewall_last = moved_addresses(steps);
    CELL_TRY(replace_firewall(document, steps.firewall_last));
    report.firewall_changed = true;
  }
  CELL_TRY(device_->ensure());
  report.wireguard_changed = CELL_TRY(make_device_true(document));
  report.routes_changed = CELL_TRY(make_link_true(document));
  const bool changed_last = CELL_TRY(firewall_->change(steps.firewall_last));
  report.firewall_changed = report.firewall_changed || changed_last;
  const bool has_fewer_ways = ways_->remove_others(frame.exits);
  report.routes_changed = report.routes_changed || has_new_ways || has_fewer_ways;
  return report;
}

Result<hub::ApplyReport> Agent::make_changes(const std::vector<hub::PeerChange>& changes) {
  hub::ApplyReport report;
  const auto steps = steps_of(changes);
  report.firewall_changed = CELL_TRY(firewall_->change(steps.firewall_first));
  if (!steps.wireguard.is_empty()) {
    CELL_TRY(device_->change(steps.wireguard));
    report.wireguard_changed = true;
  }
  const bool changed_last = CELL_TRY(firewall_->change(steps.firewall_last));
  report.firewall_changed = report.firewall_changed || changed_last;
  return report;
}

Result<void> Agent::replace_firewall(const hub::Document& document,
                                     const std::vector<netfilter::MemberChange>& left_out) {
  netfilter::Ruleset ruleset{frame_of(document, interface_), members_of(document.peers)};
  if (!left_out.empty()) {
    std::set<std::string_view> addresses;
    for (const auto& change : left_out) addresses.insert(change.address);
    std::erase_if(ruleset.members, [&](const auto& member) { return addresses.contains(member.address); });
  }
  return firewall_->replace(ruleset);
}

Result<bool> Agent::make_device_true(const hub::Document& document) {
  const auto actual = CELL_TRY(device_->read());
  const auto change = wireguard::diff(actual, device_of(document));
  if (change.is_empty()) return false;
  CELL_TRY(device_->change(change));
  return true;
}

Result<bool> Agent::make_link_true(const hub::Document& settings) {
  const bool wants_ipv6 = !settings.ipv6_address.empty();
  const bool can_ipv6 = wants_ipv6 && has_ipv6(interface_);
  ipv6_problem_ =
      wants_ipv6 && !can_ipv6 ? "IPv6 is switched off in the hub's container, the tunnel is IPv4 only" : "";
  return ensure_link(link_of(settings, interface_, can_ipv6));
}

void Agent::roll_back(const Error& cause) {
  problem_ = cause.message;
  log_.error("apply failed, the previous document is put back", {{"reason", cause.message}});
  is_in_force_ = false;
  if (applied_) {
    const auto kept = problem_;
    repair();
    if (problem_.empty()) problem_ = kept;
  }
}

void Agent::repair() {
  const auto document = applied_->document();
  const auto exits = frame_of(document, interface_).exits;
  const auto result = [&]() -> Result<void> {
    ways_->add(exits);
    CELL_TRY(replace_firewall(document, {}));
    CELL_TRY(device_->ensure());
    CELL_TRY(make_device_true(document));
    CELL_TRY(make_link_true(document));
    ways_->remove_others(exits);
    return {};
  }();
  is_in_force_ = result.ok();
  if (result) {
    failed_repairs_ = 0;
    problem_.clear();
    log_.info("document in force", {{"hash", applied_->hash()}, {"peers", document.peers.size()}});
    return;
  }
  problem_ = result.error().message;
  const std::chrono::seconds pause{
      std::min<std::int64_t>(1LL << std::min(failed_repairs_++, 5U), kMaxPause.count())};
  next_repair_ = std::chrono::steady_clock::now() + pause;
  log_.warn("document cannot be put in force, will retry",
            {{"reason", problem_}, {"retry_in_s", pause.count()}});
}

// The firewall drops what a way that was changed would lead elsewhere, so this may take its time.
void Agent::repair_ways() {
  const auto exits = frame_of(applied_->settings(), interface_).exits;
  const auto before = ways_->problem();
  const bool has_added = ways_->add(exits);
  const bool has_removed = ways_->remove_others(exits);
  if (has_added || has_removed) log_.warn("routes of exits were lost, made again", {{"exits", exits.size()}});
  if (ways_->problem() != before && !ways_->problem().empty())
    log_.warn("an exit's route cannot be set, what goes there is dropped", {{"reason", ways_->problem()}});
}

void Agent::supervise() {
  if (!applied_) return;
  if (is_in_force_ && device_->is_alive() && !firewall_->is_foreign()) {
    if (ways_->needs_look()) repair_ways();
    return;
  }
  if (std::chrono::steady_clock::now() < next_repair_) return;
  if (is_in_force_) {
    log_.warn("the tunnel or the firewall was lost, making it again",
              {{"interface", device_->is_alive()}, {"firewall", !firewall_->is_foreign()}});
  }
  repair();
}

void Agent::tidy() {
  if (applied_ && (!is_stored_ || store_->wants_save())) save_whole();
}

void Agent::save_whole() { note_store(store_->save(applied_->document())); }

void Agent::note_store(const Result<void>& result) {
  is_stored_ = result.ok();
  if (result) {
    store_problem_.clear();
    return;
  }
  // What is in force stays in force: taking back a peer's removal because a disk is full would be worse.
  if (store_problem_ != result.error().message) {
    log_.error("document is in force but not stored, will retry", {{"reason", result.error().message}});
  }
  store_problem_ = "in force, but not stored: " + result.error().message;
}

hub::Status Agent::status() {
  hub::Status status;
  status.up = applied_ && is_in_force_ && device_->is_alive();
  status.backend = device_->backend();
  status.backend_reason = device_->backend_reason();
  status.document_hash = applied_ ? applied_->hash() : "";
  status.agent_version = version();
  const bool wants_ipv6 = applied_ && !applied_->settings().ipv6_address.empty();
  status.problem = first_of({problem_, store_problem_, applied_ ? forwarding_problem(wants_ipv6) : "",
                             ipv6_problem_, ways_->problem()});
  if (!device_->is_alive()) return status;
  const auto actual = device_->read();
  if (!actual) {
    status.up = false;
    status.problem = first_of({status.problem, actual.error().message});
    return status;
  }
  status.peers.reserve(actual->peers.size());
  for (const auto& peer : actual->peers) {
    status.peers.push_back(
        {peer.config.public_key, peer.endpoint, peer.last_handshake, peer.rx_bytes, peer.tx_bytes});
  }
  return status;
}

}  // namespace cell::hubd
